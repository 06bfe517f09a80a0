import { resizeImage } from './resize-image.ts';
import type { RgbImage, RgbPixels } from './rgb-image.ts';
import { scaledSize } from './size.ts';

/**
 * An image at a multiple of its size, at least one pixel in each direction. To less than a half, squares of pixels are
 * averaged first, so that nothing fine is skipped; then bilinear, see {@link resizeImage}.
 * @param scale - greater than 0; 1 gives the image itself.
 */
export function scaleImage<Image extends RgbPixels>(image: Image, scale: number): Image | RgbImage {
  const side = Math.min(Math.floor(1 / scale), image.height, image.width);
  return resizeImage(side > 1 ? averageSquares(image, side) : image, scaledSize(image, scale));
}

/** Means of squares of pixels; those at the right and lower edge may be cut. */
function averageSquares({ height, width, data }: RgbPixels, side: number): RgbImage {
  const [rows, columns] = [Math.ceil(height / side), Math.ceil(width / side)];
  const sums = new Float32Array(rows * columns * 3);
  const counts = new Uint32Array(rows * columns);
  for (let y = 0, from = 0; y < height; y++) {
    const row = Math.floor(y / side) * columns;
    for (let x = 0; x < width; x++, from += 3) {
      const to = row + Math.floor(x / side);
      counts[to]++;
      for (let channel = 0; channel < 3; channel++) sums[to * 3 + channel] += data[from + channel];
    }
  }
  return { height: rows, width: columns, data: sums.map((sum, at) => sum / counts[Math.floor(at / 3)]) };
}
