import { type RgbImage, ShapeError } from '@pffnet/structures';
import { mirroredIndex } from './mirrored-index.ts';

/**
 * Replaces each value by the median of a square around it, channel by channel; the image is mirrored at its edges.
 * @param size - side of the square in pixels, odd; 1 changes nothing.
 * @throws ShapeError if the size is no odd positive integer.
 */
export function medianBlur(image: RgbImage, size: number): RgbImage {
  if (!Number.isInteger(size) || size < 1 || size % 2 === 0) {
    throw new ShapeError(`medianBlur: expected an odd size of 1 or more, got ${size}`);
  }
  if (size === 1) return image;
  const { height, width, data } = image;
  const radius = (size - 1) / 2;
  const rows = Int32Array.from(
    { length: height + 2 * radius },
    (_, at) => mirroredIndex(at - radius, height) * width * 3,
  );
  const columns = Int32Array.from({ length: width + 2 * radius }, (_, at) => mirroredIndex(at - radius, width) * 3);
  const blurred = new Float32Array(data.length);
  const values = new Float32Array(size * size);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++, at++) {
        let count = 0;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) values[count++] = data[rows[y + dy] + columns[x + dx] + channel];
        }
        blurred[at] = middleOf(values);
      }
    }
  }
  return { height, width, data: blurred };
}

/** The value of the middle rank (Hoare's selection); reorders `values`. */
function middleOf(values: Float32Array): number {
  const middle = (values.length - 1) >> 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[middle];
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left <= right) {
        const swapped = values[left];
        values[left++] = values[right];
        values[right--] = swapped;
      }
    }
    if (right < middle) low = left;
    if (middle < left) high = right;
  }
  return values[middle];
}
