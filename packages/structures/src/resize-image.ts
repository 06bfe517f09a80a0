import type { LabelMap } from './label-map.ts';
import type { RgbImage, RgbPixels } from './rgb-image.ts';
import type { Size } from './size.ts';

/**
 * An image at another size: bilinear between pixel centres (at half coordinates), edge pixels continued outwards.
 * Nothing is smoothed before it is made smaller: meant for changes by less than a half.
 * @returns [height * width * 3] float32; the image itself if it has that size.
 */
export function resizeImage<Image extends RgbPixels>(image: Image, { height, width }: Size): Image | RgbImage {
  if (height === image.height && width === image.width) return image;
  const rows = samplesAlong(image.height, height);
  const columns = samplesAlong(image.width, width);
  const data = new Float32Array(height * width * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const upper = rows.before[y] * image.width;
    const lower = rows.after[y] * image.width;
    const down = rows.share[y];
    for (let x = 0; x < width; x++) {
      const [left, right, across] = [columns.before[x], columns.after[x], columns.share[x]];
      for (let channel = 0; channel < 3; channel++, at++) {
        const above = mix(image.data[(upper + left) * 3 + channel], image.data[(upper + right) * 3 + channel], across);
        const below = mix(image.data[(lower + left) * 3 + channel], image.data[(lower + right) * 3 + channel], across);
        data[at] = mix(above, below, down);
      }
    }
  }
  return { height, width, data };
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
