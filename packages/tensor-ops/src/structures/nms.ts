import { boxArea } from './box-iou.ts';
import { type Boxes, boxCount, type Geometry } from './boxes.ts';
import { ShapeError } from './errors.ts';

/** When one box suppresses another. */
export interface SuppressionOptions {
  /** A box goes when its IoU with a better one is larger than this. */
  readonly iouThreshold: number;
  readonly geometry: Geometry;
  /** Whether an IoU equal to the threshold suppresses too (the released CPU code); false when absent. */
  readonly suppressEqual?: boolean;
  /** Most boxes that are kept, the best ones; all when absent. */
  readonly limit?: number;
}

/**
 * Goes through boxes from the best score down and drops each one that overlaps a kept one too much.
 * @param boxes - [n * 4] image pixels, without NaN.
 * @param scores - [n], without NaN; equal scores keep their order.
 * @returns the kept indices by descending score.
 * @throws ShapeError if there are not as many scores as boxes.
 * @remarks Two boxes of longest sides A >= B have IoU <= B / A, and they overlap only when the smaller one's centre lies
 * within B / 2 of the larger. Kept boxes are therefore filed by size (powers of two) and by centre, and a box meets only
 * those that it can overlap enough: time grows with n, not with its square.
 */
export function nonMaxSuppression(
  boxes: Boxes,
  scores: Float32Array,
  { iouThreshold, geometry, suppressEqual = false, limit = Infinity }: SuppressionOptions,
): Int32Array {
  const count = boxCount('nonMaxSuppression', boxes);
  if (scores.length !== count) {
    throw new ShapeError(`nonMaxSuppression: expected scores [${count}], got [${scores.length}]`);
  }
  const order = Int32Array.from({ length: count }, (_, index) => index).sort((a, b) => scores[b] - scores[a] || a - b);
  const disjointSuppress = suppressEqual ? iouThreshold <= 0 : iouThreshold < 0;
  if (disjointSuppress) return order.slice(0, Math.min(1, limit));

  const pixel = geometry === 'legacy' ? 1 : 0;
  const areas = Float64Array.from({ length: count }, (_, index) => boxArea(boxes, index, geometry));
  const suppresses = (kept: number, candidate: number): boolean => {
    const a = kept * 4;
    const b = candidate * 4;
    const height = Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b]) + pixel;
    if (height <= 0) return false;
    const width = Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1]) + pixel;
    if (width <= 0) return false;
    const shared = height * width;
    const iou = shared / (areas[kept] + areas[candidate] - shared);
    return suppressEqual ? iou >= iouThreshold : iou > iouThreshold;
  };

  const shelves = new Map<number, Shelf>();
  const kept: number[] = [];
  for (const index of order) {
    if (kept.length >= limit) break;
    const at = index * 4;
    const [y1, x1] = [boxes[at], boxes[at + 1]];
    const [y2, x2] = [boxes[at + 2] + pixel, boxes[at + 3] + pixel];
    const longest = Math.max(y2 - y1, x2 - x1);
    if (areas[index] > 0) {
      if (isSuppressed(index, y1, x1, y2, x2, longest)) continue;
      const exponent = Math.ceil(Math.log2(longest));
      let shelf = shelves.get(exponent);
      if (shelf === undefined) shelves.set(exponent, (shelf = { side: 2 ** exponent, cells: new Map(), all: [] }));
      const cell = cellKey(Math.floor((y1 + y2) / 2 / shelf.side), Math.floor((x1 + x2) / 2 / shelf.side));
      const neighbours = shelf.cells.get(cell);
      if (neighbours === undefined) shelf.cells.set(cell, [index]);
      else neighbours.push(index);
      shelf.all.push(index);
    }
    kept.push(index);
  }
  return Int32Array.from(kept);

  function isSuppressed(index: number, y1: number, x1: number, y2: number, x2: number, longest: number): boolean {
    for (const { side, cells, all } of shelves.values()) {
      // Boxes here have their longest side in (side / 2, side].
      if (side < iouThreshold * longest || longest < (iouThreshold * side) / 2) continue;
      const top = Math.floor((y1 - side / 2) / side);
      const left = Math.floor((x1 - side / 2) / side);
      const rows = Math.floor((y2 + side / 2) / side) - top + 1;
      const columns = Math.floor((x2 + side / 2) / side) - left + 1;
      if (rows * columns >= all.length) {
        if (all.some((other) => suppresses(other, index))) return true;
        continue;
      }
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const neighbours = cells.get(cellKey(top + row, left + column));
          if (neighbours !== undefined && neighbours.some((other) => suppresses(other, index))) return true;
        }
      }
    }
    return false;
  }
}

/** Kept boxes of about one size. */
interface Shelf {
  /** No box here is longer; also the side of a cell. */
  readonly side: number;
  /** Indices by the cell that holds the centre. */
  readonly cells: Map<number, number[]>;
  readonly all: number[];
}

/** One number per cell. Cells far apart may share it, which costs a comparison and changes nothing. */
const cellKey = (row: number, column: number): number => row * 2 ** 26 + column;
