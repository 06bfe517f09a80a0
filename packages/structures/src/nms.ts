import { boxArea } from './box-iou.ts';
import { type Boxes, boxCount, type Geometry } from './boxes.ts';
import { ShapeError } from './errors.ts';

/** When one box suppresses another. */
export interface SuppressionOptions {
  /** A box goes when its IoU with a better one is larger than this. */
  readonly iouThreshold: number;
  readonly geometry: Geometry;
  /** Whether an IoU equal to the threshold suppresses too (the released CPU code); false by default. */
  readonly suppressEqual?: boolean;
  /** Most boxes that are kept, the best ones; all by default. */
  readonly limit?: number;
}

/**
 * Goes through boxes from the best score down and drops each one that overlaps a kept one too much.
 * @param boxes - [n * 4] image pixels, without NaN.
 * @param scores - [n], without NaN; equal scores keep their order.
 * @returns the kept indices by descending score.
 * @throws ShapeError if there are not as many scores as boxes.
 * @remarks Kept boxes are filed by size and place, and a box is compared only with those that it can overlap enough: time
 * grows with n times the crowding, not with n squared. The released CUDA code suppresses above the threshold, its CPU
 * code at it (sources.md row F6).
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
  const isAnyEnough = suppressEqual ? iouThreshold <= 0 : iouThreshold < 0; // then even boxes that do not touch
  if (isAnyEnough) return order.slice(0, Math.min(1, limit));

  const pixel = geometry === 'legacy' ? 1 : 0;
  const areas = Float64Array.from({ length: count }, (_, index) => boxArea(boxes, index, geometry));
  const { floor, max, min } = Math; // looked up once: the comparison runs millions of times
  const suppresses = (kept: number, candidate: number): boolean => {
    const a = kept * 4;
    const b = candidate * 4;
    const height = min(boxes[a + 2], boxes[b + 2]) - max(boxes[a], boxes[b]) + pixel;
    if (height <= 0) return false;
    const width = min(boxes[a + 3], boxes[b + 3]) - max(boxes[a + 1], boxes[b + 1]) + pixel;
    if (width <= 0) return false;
    const shared = height * width;
    const iou = shared / (areas[kept] + areas[candidate] - shared);
    return suppressEqual ? iou >= iouThreshold : iou > iouThreshold;
  };

  const shelves = new Map<number, Shelf>();
  const cellsPerSide = 2 / Math.max(1 - iouThreshold, 0.25);
  /** The box filed before this one in the same cell, -1 for none. */
  const previous = new Int32Array(count).fill(-1);
  const kept: number[] = [];
  for (const index of order) {
    if (kept.length >= limit) break;
    if (areas[index] > 0) {
      const at = index * 4;
      const height = boxes[at + 2] - boxes[at] + pixel;
      const width = boxes[at + 3] - boxes[at + 1] + pixel;
      const [y, x] = [boxes[at] + height / 2, boxes[at + 1] + width / 2];
      const longest = max(height, width);
      let isSuppressed = false;
      for (const shelf of shelves.values()) {
        isSuppressed = isSuppressedFrom(shelf, index, y, x, height, width, longest);
        if (isSuppressed) break;
      }
      if (isSuppressed) continue;
      file(index, y, x, longest);
    }
    kept.push(index);
  }
  return Int32Array.from(kept);

  function file(index: number, y: number, x: number, longest: number): void {
    const exponent = Math.ceil(Math.log2(longest));
    let shelf = shelves.get(exponent);
    if (shelf === undefined) {
      shelf = { side: 2 ** exponent, cell: 2 ** exponent / cellsPerSide, last: new Map(), all: [] };
      shelves.set(exponent, shelf);
    }
    const key = cellKey(floor(y / shelf.cell), floor(x / shelf.cell));
    previous[index] = shelf.last.get(key) ?? -1;
    shelf.last.set(key, index);
    shelf.all.push(index);
  }

  function isSuppressedFrom(
    { side, cell, last, all }: Shelf,
    index: number,
    y: number,
    x: number,
    height: number,
    width: number,
    longest: number,
  ): boolean {
    // IoU is at most the ratio of the longest sides, and these are in (side / 2, side] here.
    if (side < iouThreshold * longest || longest < (iouThreshold * side) / 2) return false;
    const down = reach(height, side, iouThreshold);
    const across = reach(width, side, iouThreshold);
    const top = floor((y - down) / cell);
    const left = floor((x - across) / cell);
    const rows = floor((y + down) / cell) - top + 1;
    const columns = floor((x + across) / cell) - left + 1;
    if (rows * columns >= all.length) return all.some((other) => suppresses(other, index));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let other = last.get(cellKey(top + row, left + column)) ?? -1;
        while (other >= 0) {
          if (suppresses(other, index)) return true;
          other = previous[other];
        }
      }
    }
    return false;
  }
}

/** Kept boxes of about one size. */
interface Shelf {
  /** No box here is longer. */
  readonly side: number;
  /** Side of a cell. */
  readonly cell: number;
  /** The box filed last in each cell, by the cell that holds its centre. */
  readonly last: Map<number, number>;
  readonly all: number[];
}

/**
 * How far apart along one axis the centres of two boxes can be whose IoU reaches `iou`. Boxes of extents a and b share
 * at most (a + b) / 2 - d of the axis at distance d, and must share iou * max(a, b): d <= (a + b) / 2 - iou * max(a, b),
 * which is largest for the b nearest to a, or, below one half, for the longest b <= a / iou.
 * @param extent - a.
 * @param longest - largest b there is.
 */
function reach(extent: number, longest: number, iou: number): number {
  const shorter = (extent + Math.min(extent, longest)) / 2 - iou * extent;
  const longer = extent / 2 + (0.5 - iou) * Math.max(extent, Math.min(longest, extent / iou));
  return Math.max(shorter, iou < 0.5 && longest > extent ? longer : 0) * (1 + 1e-9);
}

/** One number per cell. Cells far apart may share it, which costs a comparison and changes nothing. */
const cellKey = (row: number, column: number): number => row * 2 ** 26 + column;
