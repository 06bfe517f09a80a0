import { type Boxes, ShapeError } from '@pffnet/structures';

/** The anchors of one pyramid level: those of the cell at row 0, column 0; every other cell has them moved by `stride`. */
export interface AnchorLevel {
  /** Image pixels between two cells. */
  readonly stride: number;
  /** [ratios * 4] image pixels. */
  readonly cell: Boxes;
}

/**
 * How well anchors fit objects before anything is learned: the largest IoU that any anchor of any level has with each
 * box. Anchors that lie over the image's border count, as if the image were part of a larger one.
 * @param boxes - [n * 4] image pixels.
 * @returns [n] 0..1; 0 for an empty box.
 * @throws ShapeError if a level's stride is not positive.
 * @remarks Anchors of one shape differ in place alone, and IoU falls with the distance between centres in each
 * direction, so that the nearest cell has the best one: exact, without looking at all cells.
 */
export function anchorFit(boxes: Boxes, levels: readonly AnchorLevel[]): Float32Array {
  const best = new Float32Array(boxes.length / 4);
  for (const { stride, cell } of levels) {
    if (!(stride > 0)) throw new ShapeError(`anchorFit: expected a stride above 0, got ${stride}`);
    for (let anchor = 0; anchor < cell.length; anchor += 4) {
      for (let index = 0; index < best.length; index++) {
        const overlap = bestOverlap(
          boxes.subarray(index * 4, index * 4 + 4),
          cell.subarray(anchor, anchor + 4),
          stride,
        );
        if (overlap > best[index]) best[index] = overlap;
      }
    }
  }
  return best;
}

function bestOverlap(box: Boxes, anchor: Boxes, stride: number): number {
  const shared = bestSharedLength(box, anchor, stride, 0) * bestSharedLength(box, anchor, stride, 1);
  return shared === 0 ? 0 : shared / (area(box) + area(anchor) - shared);
}

/** Along one axis, the length that a box shares with the anchor of the nearest cell. */
function bestSharedLength(box: Boxes, anchor: Boxes, stride: number, axis: 0 | 1): number {
  const distance = (box[axis] + box[axis + 2] - anchor[axis] - anchor[axis + 2]) / 2;
  const shift = Math.max(0, Math.round(distance / stride)) * stride; // there are no cells before the first
  return Math.max(0, Math.min(box[axis + 2], anchor[axis + 2] + shift) - Math.max(box[axis], anchor[axis] + shift));
}

const area = (box: Boxes): number => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
