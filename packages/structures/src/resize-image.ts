import type { LabelMap } from './label-map.ts';
import type { RgbImage, RgbPixels } from './rgb-image.ts';
import type { Size } from './size.ts';

/**
 * An image at another size: bilinear between pixel centres (at half coordinates), edge pixels continued outwards.
 * Nothing is smoothed before it is made smaller: meant for changes by less than a half.
 * @returns [height * width * 3] float32; the image itself if it has that size.
 */
export function resizeImage<Image extends RgbPixels>(image: Image, size: Size): Image | RgbImage {
  if (size.height === image.height && size.width === image.width) return image;
  return { height: size.height, width: size.width, data: resample(image, size, 3) };
}

/**
 * A map of one number per pixel at another size, as {@link resizeImage} does it.
 * @returns [height * width]; the map's own numbers if it has that size.
 */
export function resizeValues(map: Size & { readonly data: Float32Array }, size: Size): Float32Array {
  if (size.height === map.height && size.width === map.width) return map.data;
  return resample(map, size, 1);
}

function resample(
  from: Size & { readonly data: ArrayLike<number> },
  { height, width }: Size,
  channels: number,
): Float32Array<ArrayBuffer> {
  const rows = samplesAlong(from.height, height);
  const columns = samplesAlong(from.width, width);
  const values = from.data;
  const data = new Float32Array(height * width * channels);
  for (let y = 0, at = 0; y < height; y++) {
    const upper = rows.before[y] * from.width;
    const lower = rows.after[y] * from.width;
    const down = rows.share[y];
    for (let x = 0; x < width; x++) {
      const [left, right, across] = [columns.before[x], columns.after[x], columns.share[x]];
      for (let channel = 0; channel < channels; channel++, at++) {
        const aboveAt = (upper + left) * channels + channel;
        const belowAt = (lower + left) * channels + channel;
        const step = (right - left) * channels;
        const above = mix(values[aboveAt], values[aboveAt + step], across);
        const below = mix(values[belowAt], values[belowAt + step], across);
        data[at] = mix(above, below, down);
      }
    }
  }
  return data;
}

/** A label map at another size: each pixel has the id at its centre. Objects thinner than a new pixel may be lost. */
export function resizeLabels(labels: LabelMap, { height, width }: Size): LabelMap {
  if (height === labels.height && width === labels.width) return labels;
  const data = new Uint32Array(height * width);
  for (let y = 0; y < height; y++) {
    const from = Math.floor(((y + 0.5) * labels.height) / height) * labels.width;
    for (let x = 0; x < width; x++) {
      data[y * width + x] = labels.data[from + Math.floor(((x + 0.5) * labels.width) / width)];
    }
  }
  return { height, width, data };
}

/** Between which two old pixels the centre of each new one lies, and how far from the first. */
function samplesAlong(from: number, to: number): { before: Int32Array; after: Int32Array; share: Float64Array } {
  const [before, after, share] = [new Int32Array(to), new Int32Array(to), new Float64Array(to)];
  for (let index = 0; index < to; index++) {
    const place = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
    before[index] = Math.floor(place);
    after[index] = Math.min(from - 1, before[index] + 1);
    share[index] = place - before[index];
  }
  return { before, after, share };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
