import type { RgbImage } from '@pffnet/structures';
import type { ChannelChoice } from './choose-channel.ts';
import { decodePixels } from './decode-pixels.ts';
import { notFiniteNotes, type Noted, noted, orientationNotes } from './notes.ts';
import type { Pixels } from './pixels.ts';
import { defaultScaling, type IntensityScaling, scaleIntensities } from './scale-intensities.ts';

/** How an image file is read. */
export interface ReadImageOptions {
  /** When absent, 8-bit files are taken as they are and deeper ones scaled between percentiles 0.1 and 99.9. */
  readonly scaling?: IntensityScaling | undefined;
  /** The channel to read as a grey image: its number from 1, or its name; when absent, files of several are refused. */
  readonly channel?: ChannelChoice | undefined;
}

/** An image, and what its reader has to say of it. */
export type NotedImage = RgbImage & Noted;

/**
 * Reads an image in grey or colour, of 1 to 64 bits, from PNG (palettes included), TIFF, JPEG or WebP.
 * A grey value fills all three channels; an alpha channel is ignored (the stored colours count, not their blend over a
 * background); orientation tags and colour profiles are not applied; pixels that are not finite become the median of
 * the others.
 * @returns [height * width * 3] float32, 0..255, with a note for each of the last two.
 * @throws DataError if the file is missing, damaged, or not one grey or colour image.
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<NotedImage> {
  return imageOfPixels(await decodePixels(path, options.channel), path, options);
}

/** Turns the numbers of a file into the image that the network sees; see {@link readImage}. */
export function imageOfPixels(pixels: Pixels, path: string, options: ReadImageOptions): NotedImage {
  const { height, width, channels } = pixels;
  const scaling = options.scaling ?? defaultScaling(pixels.storedBits);
  const { data: scaled, notFinite } = scaleIntensities(pixels, scaling, path);
  const notes = noted(orientationNotes(path, pixels.orientation), notFiniteNotes(path, notFinite));
  if (channels === 3) return { height, width, data: scaled, ...notes };
  const data = new Float32Array(height * width * 3);
  for (let pixel = 0, at = 0; pixel < scaled.length; pixel++) {
    const value = scaled[pixel];
    data[at++] = value;
    data[at++] = value;
    data[at++] = value;
  }
  return { height, width, data, ...notes };
}
