import { type Tile, tilesOf } from '@pffnet/postprocess';
import { resizeImage, type RgbImage } from '@pffnet/structures';
import type { ReadingRule } from './network-config.ts';
import type { ImagePart } from './predictor.ts';

/** The parts in which an image is read: itself, or overlapping tiles if it has more pixels than the rule allows. */
export function* imageParts(
  image: RgbImage,
  { abovePixels, size, overlap }: ReadingRule['tiles'],
): Generator<ImagePart> {
  const { height, width } = image;
  const whole = { height, width };
  if (height * width <= abovePixels) {
    yield { tile: { y: 0, x: 0, height, width, core: { y1: 0, x1: 0, y2: height, x2: width } }, image, whole };
    return;
  }
  for (const tile of tilesOf(image, { tile: size, overlap })) yield { tile, image: crop(image, tile), whole };
}

/** An image with the shorter side that a rule asks for. */
export function atShortSide(image: RgbImage, side: number | null): RgbImage {
  if (side === null) return image;
  const factor = side / Math.min(image.height, image.width);
  const length = (pixels: number): number => Math.max(1, Math.round(pixels * factor));
  return resizeImage(image, { height: length(image.height), width: length(image.width) });
}

function crop(image: RgbImage, { y, x, height, width }: Tile): RgbImage {
  const data = new Float32Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { height, width, data };
}
