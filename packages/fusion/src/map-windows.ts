import { boxWindows } from '@pffnet/tensor-ops';
import type { Boxes, Geometry, Size } from '@pffnet/structures';
import type { Placement } from './placement.ts';

/** Image pixels along each side of a cell of P2. */
export const P2_STRIDE = 4;

/** Where masks go on a map with P2's cells. */
export function placeOnP2(boxes: Boxes, size: Size, geometry: Geometry): Placement {
  const windows = boxWindows(boxes, geometry).map(({ y0, x0, height, width }) => ({
    y0: y0 / P2_STRIDE,
    x0: x0 / P2_STRIDE,
    height: height / P2_STRIDE,
    width: width / P2_STRIDE,
  }));
  return { windows, canvas: size, image: size };
}
