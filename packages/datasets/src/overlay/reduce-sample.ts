import type { LabelMap, RgbImage, Size } from '@pffnet/structures';
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
  const size = { height: Math.max(1, Math.round(height * factor)), width: Math.max(1, Math.round(width * factor)) };
  return { name: sample.name, image: await reduceImage(sample.image, size), labels: reduceLabels(sample.labels, size) };
}

async function reduceImage({ height, width, data }: RgbImage, size: Size): Promise<RgbImage> {
  const small = await sharp(Uint8ClampedArray.from(data), { raw: { height, width, channels: 3 } })
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...size, data: Float32Array.from(small) };
}

function reduceLabels({ height, width, data }: LabelMap, size: Size): LabelMap {
  const ids = new Uint32Array(size.height * size.width);
  for (let y = 0, at = 0; y < size.height; y++) {
    const row = Math.floor(((y + 0.5) * height) / size.height);
    for (let x = 0; x < size.width; x++) ids[at++] = data[row * width + Math.floor(((x + 0.5) * width) / size.width)];
  }
  return { ...size, data: ids };
}
