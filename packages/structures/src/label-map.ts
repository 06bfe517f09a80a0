import { ShapeError } from './errors.ts';
import { rankIds } from './rank-ids.ts';

/** One integer per pixel, row-major: 0 is background, every other value names one object. Ids may have gaps. */
export interface LabelMap {
  readonly height: number;
  readonly width: number;
  /** [height * width] object ids. */
  readonly data: Uint32Array;
}

/**
 * Wraps ids in a label map.
 * @param data - [height * width] non-negative integers; all zeros by default.
 * @throws ShapeError if `data` does not hold height * width values.
 */
export function labelMap(height: number, width: number, data?: ArrayLike<number>): LabelMap {
  if (data !== undefined && data.length !== height * width) {
    throw new ShapeError(`labelMap: expected ${height} x ${width} = ${height * width} ids, got ${data.length}`);
  }
  return { height, width, data: data === undefined ? new Uint32Array(height * width) : Uint32Array.from(data) };
}

/** @returns the ids present in a label map, ascending, without background. */
export function objectIds(labels: LabelMap): number[] {
  return [...rankIds(labels).ids];
}

/**
 * Renumbers objects 1..n in ascending order of their ids, so that no id is skipped.
 * @returns the new map and, per new id - 1, the id it had.
 */
export function compactLabels(labels: LabelMap): { labels: LabelMap; ids: number[] } {
  const { height, width } = labels;
  const { ids, data, rank } = rankIds(labels);
  if (ids.every((id, index) => id === index + 1)) return { labels, ids: [...ids] };
  const renumbered = new Uint32Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel++) renumbered[pixel] = rank[data[pixel]];
  return { labels: { height, width, data: renumbered }, ids: [...ids] };
}
