import type { RandomStream, RgbImage } from '@pffnet/tensor-ops/structures';

/**
 * Adds independent normal noise to every value and cuts the result to 0..255.
 * @param deviation - standard deviation, in grey values.
 */
export function gaussianNoise(image: RgbImage, deviation: number, stream: RandomStream): RgbImage {
  const { height, width } = image;
  const data = image.data.map((value) => Math.min(255, Math.max(0, value + deviation * stream.normal())));
  return { height, width, data };
}
