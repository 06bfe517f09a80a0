import { compactLabels, type LabelMap } from '@pffnet/structures';

/**
 * Leaves out objects of fewer than `minArea` pixels.
 * @returns ids 1..n in the order that they had.
 */
export function dropSmallObjects({ height, width, data }: LabelMap, minArea: number): LabelMap {
  const areas = new Map<number, number>();
  for (const id of data) areas.set(id, (areas.get(id) ?? 0) + 1);
  const kept = data.map((id) => ((areas.get(id) ?? 0) < minArea ? 0 : id));
  return compactLabels({ height, width, data: kept }).labels;
}
