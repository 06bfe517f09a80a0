import { resizeLabels, type RgbImage, scaledSize, type Size } from '@pffnet/structures';
import sharp from 'sharp';
import type { Sample } from '../sample.ts';

/**
 * Makes a sample small enough to look at: the longer side becomes at most `side` pixels, nothing is enlarged. The image
 * is filtered, the labels keep the id at the middle of each new pixel, so that thin objects may vanish.
 */
export async function reduceSample(sample: Sample, side: number): Promise<Sample> {
  const { height, width } = sample.labels;
  const factor = side / Math.max(height, width);
  if (factor >= 1) return sample;
  const size = scaledSize(sample.labels, factor);
  return { name: sample.name, image: await reduceImage(sample.image, size), labels: resizeLabels(sample.labels, size) };
}

async function reduceImage({ height, width, data }: RgbImage, size: Size): Promise<RgbImage> {
  const small = await sharp(Uint8ClampedArray.from(data), { raw: { height, width, channels: 3 } })
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...size, data: Float32Array.from(small) };
}
