import { type Boxes, boxCount, type Geometry } from './boxes.ts';
import { ShapeError } from './errors.ts';

/** What each delta is multiplied by: (1, 1, 1, 1) for anchors, (10, 10, 5, 5) for RoIs in the paper. */
export type BoxWeights = readonly [wy: number, wx: number, wh: number, ww: number];

/** Largest log ratio of sizes that is decoded: a box grows at most from 16 to 1000 pixels. */
const LARGEST_LOG_RATIO = Math.log(1000 / 16);

/**
 * Describes target boxes relative to anchors: dy = wy (ty - ay) / ah and dh = wh ln(th / ah), with centres ty, ay and
 * heights th, ah; columns likewise.
 * @param anchors - [n * 4] image pixels.
 * @param targets - [n * 4] image pixels, one per anchor.
 * @returns [n * 4] deltas (dy, dx, dh, dw); zeros where the anchor or the target is empty.
 * @throws ShapeError if there are not as many targets as anchors.
 * @remarks Source: Ren et al. 2015, Eq. 2.
 */
export function encodeBoxes(anchors: Boxes, targets: Boxes, weights: BoxWeights, geometry: Geometry): Float32Array {
  const count = sameCount('encodeBoxes', 'targets', anchors, targets);
  const pixel = geometry === 'legacy' ? 1 : 0; // inclusive ends add one pixel to every size
  const deltas = new Float32Array(count * 4);
  for (let at = 0; at < count * 4; at += 4) {
    const anchorHeight = anchors[at + 2] - anchors[at] + pixel;
    const anchorWidth = anchors[at + 3] - anchors[at + 1] + pixel;
    const height = targets[at + 2] - targets[at] + pixel;
    const width = targets[at + 3] - targets[at + 1] + pixel;
    if (!(anchorHeight > 0 && anchorWidth > 0 && height > 0 && width > 0)) continue;
    const dy = targets[at] + height / 2 - (anchors[at] + anchorHeight / 2);
    const dx = targets[at + 1] + width / 2 - (anchors[at + 1] + anchorWidth / 2);
    deltas[at] = (weights[0] * dy) / anchorHeight;
    deltas[at + 1] = (weights[1] * dx) / anchorWidth;
    deltas[at + 2] = weights[2] * Math.log(height / anchorHeight);
    deltas[at + 3] = weights[3] * Math.log(width / anchorWidth);
  }
  return deltas;
}

/**
 * Moves and scales anchors by predicted deltas, the inverse of {@link encodeBoxes}. Log ratios are cut at ln(1000 / 16).
 * @param anchors - [n * 4] image pixels.
 * @param deltas - [n * 4] (dy, dx, dh, dw).
 * @returns [n * 4] image pixels, not clipped to the image.
 * @throws ShapeError if there are not as many deltas as anchors.
 */
export function decodeBoxes(anchors: Boxes, deltas: Float32Array, weights: BoxWeights, geometry: Geometry): Boxes {
  const count = sameCount('decodeBoxes', 'deltas', anchors, deltas);
  const pixel = geometry === 'legacy' ? 1 : 0;
  const boxes = new Float32Array(count * 4);
  for (let at = 0; at < count * 4; at += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const size = anchors[at + axis + 2] - anchors[at + axis] + pixel;
      const centre = anchors[at + axis] + size / 2 + (deltas[at + axis] / weights[axis]) * size;
      const half = (Math.exp(Math.min(deltas[at + axis + 2] / weights[axis + 2], LARGEST_LOG_RATIO)) * size) / 2;
      boxes[at + axis] = centre - half;
      boxes[at + axis + 2] = centre + half - pixel;
    }
  }
  return boxes;
}

/**
 * Cuts boxes at the image border: to [0, height] x [0, width], or to the last pixel's index in legacy geometry.
 * @returns [n * 4]; a box wholly outside becomes empty (legacy: one pixel at the border).
 */
export function clipBoxes(
  boxes: Boxes,
  { height, width }: { readonly height: number; readonly width: number },
  geometry: Geometry,
): Boxes {
  const pixel = geometry === 'legacy' ? 1 : 0;
  const last = [height - pixel, width - pixel];
  return boxes.map((edge, at) => Math.min(Math.max(edge, 0), last[at % 2]));
}

function sameCount(caller: string, name: string, anchors: Boxes, others: Float32Array): number {
  const count = boxCount(caller, anchors);
  if (others.length !== anchors.length) {
    throw new ShapeError(`${caller}: expected ${name} [${count} * 4], got [${others.length}]`);
  }
  return count;
}
