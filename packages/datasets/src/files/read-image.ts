import type { RgbImage } from '@pffnet/structures';
import { decodePixels, type Pixels } from './decode-pixels.ts';
import { defaultScaling, type IntensityScaling, scaleIntensities } from './scale-intensities.ts';

/** How an image file is read. */
export interface ReadImageOptions {
  /** When absent, 8-bit files are taken as they are and deeper ones scaled between percentiles 0.1 and 99.9. */
  readonly scaling?: IntensityScaling | undefined;
}

/**
 * Reads an image in grey or colour, 8, 16 or 32 bits, from PNG (palettes included), TIFF, JPEG or WebP.
 * A grey value fills all three channels; an alpha channel is ignored (the stored colours count, not their blend over a
 * background); orientation tags and colour profiles are not applied.
 * @returns [height * width * 3] float32, 0..255.
 * @throws DataError if the file is missing, damaged, or not one grey or colour image.
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<RgbImage> {
  return imageOfPixels(await decodePixels(path), path, options);
}

/** Turns the numbers of a file into the image that the network sees; see {@link readImage}. */
export function imageOfPixels(pixels: Pixels, path: string, options: ReadImageOptions): RgbImage {
  const { height, width, channels } = pixels;
  const scaled = scaleIntensities(pixels, options.scaling ?? defaultScaling(pixels.storedBits), path);
  if (channels === 3) return { height, width, data: scaled };
  const data = new Float32Array(height * width * 3);
  for (let pixel = 0, at = 0; pixel < scaled.length; pixel++) {
    const value = scaled[pixel];
    data[at++] = value;
    data[at++] = value;
    data[at++] = value;
  }
  return { height, width, data };
}
