import type { Click, NetworkConfig } from '@pffnet/network';
import type { RgbImage } from '@pffnet/structures';

/** Channels of a crop: three colours, the click, and the clicks on other objects. */
export const CROP_CHANNELS = 5;

/** The square of an image that is seen around a click; it may reach over the edge. */
export interface CropPlace {
  readonly y: number;
  readonly x: number;
  readonly side: number;
}

/** Where the square around a click lies: the click is at its middle. */
export const cropPlace = ({ y, x }: Click, side: number): CropPlace => ({
  y: Math.floor(y) - side / 2,
  x: Math.floor(x) - side / 2,
  side,
});

/**
 * Writes what the network sees of a click: (pixel - mean) / deviation of the square around it, zeros beyond the image, 1 at the click
 * in the fourth channel, 1 at every other click in the fifth.
 * @param into - [side * side * 5], zeros.
 */
export function writeCrop(
  into: Float32Array,
  image: RgbImage,
  { y: top, x: left, side }: CropPlace,
  { own, others }: { readonly own: Click | null; readonly others: readonly Click[] },
  { channelOrder, mean, deviation }: NetworkConfig['input'],
): void {
  const source = channelOrder === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  for (let y = Math.max(0, top); y < Math.min(image.height, top + side); y++) {
    for (let x = Math.max(0, left); x < Math.min(image.width, left + side); x++) {
      const from = (y * image.width + x) * 3;
      const to = ((y - top) * side + x - left) * CROP_CHANNELS;
      for (let channel = 0; channel < 3; channel++) {
        into[to + channel] = (image.data[from + source[channel]] - mean[channel]) / deviation[channel];
      }
    }
  }
  const mark = (click: Click, channel: number): void => {
    const [y, x] = [Math.floor(click.y) - top, Math.floor(click.x) - left];
    if (y >= 0 && x >= 0 && y < side && x < side) into[(y * side + x) * CROP_CHANNELS + channel] = 1;
  };
  if (own !== null) mark(own, 3);
  for (const other of others) mark(other, 4);
}
