import { type Boxes, clipBoxes, decodeBoxes, type Geometry, type Size } from '@pffnet/structures';
import { ROI_WEIGHTS } from './box-weights.ts';

/**
 * Moves boxes by the box head's deltas and clips them to the image.
 * @param boxes - [n * 4] image pixels.
 * @param deltas - [n * 4] (dy, dx, dh, dw), weighted (10, 10, 5, 5).
 * @param imageSize - the image without its padding.
 * @returns [n * 4] image pixels.
 */
export function refineBoxes(boxes: Boxes, deltas: Float32Array, imageSize: Size, geometry: Geometry): Boxes {
  return clipBoxes(decodeBoxes(boxes, deltas, ROI_WEIGHTS, geometry), imageSize, geometry);
}
