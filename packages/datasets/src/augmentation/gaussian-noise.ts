import type { RandomStream, RgbImage } from '@pffnet/structures';

/**
 * Adds independent normal noise to every value and cuts the result to 0..255.
 * @param deviation - standard deviation, in grey values.
 */
export function gaussianNoise(image: RgbImage, deviation: number, stream: RandomStream): RgbImage {
  const { height, width } = image;
  const data = image.data.map((value) => {
    const noisy = value + deviation * stream.normal();
    return noisy < 0 ? 0 : noisy > 255 ? 255 : noisy;
  });
  return { height, width, data };
}
