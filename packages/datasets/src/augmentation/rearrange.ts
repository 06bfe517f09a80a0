import type { Sample } from '../sample.ts';

/**
 * Moves pixels: image and labels take theirs from the same place, so they cannot come apart.
 * @param size - height and width of the result.
 * @param source - per pixel of the result (row y, column x) the index of the pixel it comes from.
 */
export function rearrange(
  { name, image, labels }: Sample,
  size: { readonly height: number; readonly width: number },
  source: (y: number, x: number) => number,
): Sample {
  const { height, width } = size;
  const colours = new Float32Array(height * width * 3);
  const ids = new Uint32Array(height * width);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const from = source(y, x);
      ids[pixel] = labels.data[from];
      colours[pixel * 3] = image.data[from * 3];
      colours[pixel * 3 + 1] = image.data[from * 3 + 1];
      colours[pixel * 3 + 2] = image.data[from * 3 + 2];
    }
  }
  return { name, image: { height, width, data: colours }, labels: { height, width, data: ids } };
}
