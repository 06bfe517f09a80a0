import { type Tile, tilesOf } from '@pffnet/postprocess';
import { resizeImage, type RgbImage, type RgbPixels, scaledSize } from '@pffnet/structures';
import type { ReadingRule } from './network-config.ts';
import type { ImagePart } from './predictor.ts';

/** The parts in which an image is read: itself, or overlapping tiles if it has more pixels than the rule allows. */
export function* imageParts(
  image: RgbPixels,
  { abovePixels, size, overlap }: ReadingRule['tiles'],
): Generator<ImagePart> {
  const { height, width } = image;
  const whole = { height, width };
  if (height * width <= abovePixels) {
    const tile = { y: 0, x: 0, height, width, core: { y1: 0, x1: 0, y2: height, x2: width } };
    yield { tile, image: inFloats(image), whole };
    return;
  }
  for (const tile of tilesOf(image, { tile: size, overlap })) yield { tile, image: cropImage(image, tile), whole };
}

/** An image with the shorter side that a rule asks for. */
export function atShortSide(image: RgbPixels, side: number | null): RgbPixels {
  if (side === null) return image;
  return resizeImage(image, scaledSize(image, side / Math.min(image.height, image.width)));
}

function inFloats({ height, width, data }: RgbPixels): RgbImage {
  return { height, width, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** A rectangle of an image. */
export function cropImage(image: RgbPixels, { y, x, height, width }: Omit<Tile, 'core'>): RgbImage {
  const data = new Float32Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { height, width, data };
}
