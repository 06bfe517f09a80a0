import type { Click, ImageSize } from './predictor.ts';

/** The same places in an image of another size. */
export function scaleClicks(clicks: readonly Click[], from: ImageSize, to: ImageSize): Click[] {
  return clicks.map(({ y, x }) => ({ y: (y * to.height) / from.height, x: (x * to.width) / from.width }));
}
