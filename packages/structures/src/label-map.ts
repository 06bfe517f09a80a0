import { ShapeError } from './errors.ts';

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
export function objectIds({ data }: LabelMap): number[] {
  const ids = new Set<number>();
  let previous = 0;
  for (const id of data) {
    if (id !== previous) {
      ids.add(id);
      previous = id;
    }
  }
  ids.delete(0);
  return [...ids].sort((a, b) => a - b);
}

/**
 * Renumbers objects 1..n in ascending order of their ids, so that no id is skipped.
 * @returns the new map and, per new id - 1, the id it had.
 */
export function compactLabels(labels: LabelMap): { labels: LabelMap; ids: number[] } {
  const ids = objectIds(labels);
  if (ids.every((id, index) => id === index + 1)) return { labels, ids };
  const renumbered = new Map(ids.map((id, index) => [id, index + 1]));
  const data = new Uint32Array(labels.data.length);
  let previous = 0;
  let next = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const id = labels.data[pixel];
    if (id !== previous) {
      previous = id;
      next = renumbered.get(id) ?? 0;
    }
    data[pixel] = next;
  }
  return { labels: { height: labels.height, width: labels.width, data }, ids };
}
