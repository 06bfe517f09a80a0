import { boxArea } from './box-iou.ts';
import { type Boxes, boxCount, type Geometry } from './boxes.ts';

/** Which pyramid levels take boxes. */
export interface LevelRule {
  /** How many levels, the finest (P2) first; 4 in the paper. */
  readonly count: number;
  /** Side in image pixels of a box that belongs to the canonical level; 224 by default. */
  readonly canonicalSize?: number;
  /** Index of the canonical level from the finest; 2 (P4 above P2) by default. */
  readonly canonicalLevel?: number;
}

/**
 * Chooses the pyramid level from which each box is read: floor(k0 + log2(sqrt(area) / 224)), cut to the levels there are.
 * @returns [n] level indices, 0 = finest (P2).
 * @remarks Source: Lin et al. 2017, Eq. 1. Legacy geometry adds 1e-6 inside the logarithm, as the released code does.
 */
export function levelOfBoxes(
  boxes: Boxes,
  { count, canonicalSize = 224, canonicalLevel = 2 }: LevelRule,
  geometry: Geometry,
): Int32Array {
  const margin = geometry === 'legacy' ? 1e-6 : 0;
  return Int32Array.from({ length: boxCount('levelOfBoxes', boxes) }, (_, index) => {
    const size = Math.sqrt(boxArea(boxes, index, geometry));
    const level = Math.floor(canonicalLevel + Math.log2(size / canonicalSize + margin));
    return Math.min(Math.max(level, 0), count - 1);
  });
}
