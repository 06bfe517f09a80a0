import { ShapeError } from './errors.ts';
import { compactLabels, type LabelMap } from './label-map.ts';

/**
 * Boxes one after the other: [n * 4], each (y1, x1, y2, x2) in image pixels, continuous: pixel i covers [i, i + 1).
 * A box is empty when y2 <= y1 or x2 <= x1.
 */
export type Boxes = Float32Array;

/** How box edges are read: continuous coordinates, or the released code's inclusive pixel coordinates (sources.md row 36). */
export const GEOMETRIES = ['continuous', 'legacy'] as const;
export type Geometry = (typeof GEOMETRIES)[number];

/**
 * The tight box of every object in a label map.
 * @returns [n * 4] in ascending order of ids: a one-pixel object at (y, x) gives (y, x, y + 1, x + 1).
 */
export function boxesOfLabels(labels: LabelMap): Boxes {
  const { labels: compact, ids } = compactLabels(labels);
  const boxes = new Float32Array(ids.length * 4);
  for (let index = 0; index < ids.length; index++) boxes.set([Infinity, Infinity, -Infinity, -Infinity], index * 4);
  for (let y = 0, pixel = 0; y < compact.height; y++) {
    for (let x = 0; x < compact.width; x++, pixel++) {
      const id = compact.data[pixel];
      if (id === 0) continue;
      const at = (id - 1) * 4;
      if (y < boxes[at]) boxes[at] = y;
      if (x < boxes[at + 1]) boxes[at + 1] = x;
      if (y + 1 > boxes[at + 2]) boxes[at + 2] = y + 1;
      if (x + 1 > boxes[at + 3]) boxes[at + 3] = x + 1;
    }
  }
  return boxes;
}

/**
 * Counts the boxes of an array.
 * @throws ShapeError if its length is not a multiple of four.
 */
export function boxCount(caller: string, boxes: Boxes): number {
  if (boxes.length % 4 !== 0) throw new ShapeError(`${caller}: expected boxes [n * 4], got [${boxes.length}]`);
  return boxes.length / 4;
}
