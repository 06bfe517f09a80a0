import type { RgbImage, RgbPixels } from '@pffnet/structures';
import type { ChannelChoice } from './choose-channel.ts';
import { decodePixels } from './decode-pixels.ts';
import { notFiniteNotes, type Noted, noted, orientationNotes } from './notes.ts';
import type { Pixels } from './pixels.ts';
import { defaultScaling, type IntensityScaling, scaleIntensities } from './scale-intensities.ts';

/** How an image file is read. */
export interface ReadImageOptions {
  /** By default 8-bit files are taken as they are, and deeper ones are scaled between percentiles 0.1 and 99.9. */
  readonly scaling?: IntensityScaling | undefined;
  /**
   * The channel to read as a grey image: its number from 1, or its name. By default files of several channels are
   * refused.
   */
  readonly channel?: ChannelChoice | undefined;
}

/** An image with the notes of its reader. */
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

/**
 * What {@link imageOfPixels} gives, in bytes where the numbers of the file are taken as they are: large images then need a
 * quarter of the memory.
 */
export function rgbPixelsOf(pixels: Pixels, path: string, options: ReadImageOptions): RgbPixels & Noted {
  const { height, width, channels, fullRange, data } = pixels;
  const { kind } = options.scaling ?? defaultScaling(pixels.storedBits);
  if (kind !== 'range' || fullRange !== 255 || !(data instanceof Uint8Array)) {
    return imageOfPixels(pixels, path, options);
  }
  const colours = channels === 3 ? data : threeTimes(data, new Uint8Array(data.length * 3));
  return { height, width, data: colours, ...noted(orientationNotes(path, pixels.orientation), []) };
}

/** Turns the numbers of a file into the image that the network sees; see {@link readImage}. */
export function imageOfPixels(pixels: Pixels, path: string, options: ReadImageOptions): NotedImage {
  const { height, width, channels } = pixels;
  const scaling = options.scaling ?? defaultScaling(pixels.storedBits);
  const { data: scaled, notFinite } = scaleIntensities(pixels, scaling, path);
  const notes = noted(orientationNotes(path, pixels.orientation), notFiniteNotes(path, notFinite));
  const data = channels === 3 ? scaled : threeTimes(scaled, new Float32Array(scaled.length * 3));
  return { height, width, data, ...notes };
}

/** Grey values as colours. */
function threeTimes<Values extends Float32Array | Uint8Array>(grey: Values, colours: Values): Values {
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++) {
    const value = grey[pixel];
    colours[at++] = value;
    colours[at++] = value;
    colours[at++] = value;
  }
  return colours;
}
