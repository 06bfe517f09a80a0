import { type Tile, tilesOf } from '@pffnet/postprocess';
import type { RgbImage } from '@pffnet/structures';
import type { PffnetConfig } from './config.ts';

/** What the network reads at once, and where it lies in the image. */
export interface ImagePart {
  readonly tile: Tile;
  readonly image: RgbImage;
}

/** The parts in which an image is read: itself, or overlapping tiles if it has more pixels than the config allows. */
export function* partsOf(
  image: RgbImage,
  { abovePixels, size, overlap }: PffnetConfig['test']['tiles'],
): Generator<ImagePart> {
  const { height, width } = image;
  if (height * width <= abovePixels) {
    yield { tile: { y: 0, x: 0, height, width, core: { y1: 0, x1: 0, y2: height, x2: width } }, image };
    return;
  }
  for (const tile of tilesOf(image, { tile: size, overlap })) yield { tile, image: crop(image, tile) };
}

function crop(image: RgbImage, { y, x, height, width }: Tile): RgbImage {
  const data = new Float32Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { height, width, data };
}
