import { describe, expect, test } from '@jest/globals';
import type { RgbImage } from './rgb-image.ts';
import { scaleImage } from './scale-image.ts';

const grey = (height: number, width: number, ...values: number[]): RgbImage => ({
  height,
  width,
  data: Float32Array.from(values.flatMap((value) => [value, value, value])),
});

describe('scaleImage', () => {
  test('gives the image itself at its own size', () => {
    const image = grey(1, 2, 3, 4);
    expect(scaleImage(image, 1)).toBe(image);
  });

  test('averages squares on the way to a quarter, so that one bright pixel counts a sixteenth', () => {
    const values = Array.from({ length: 16 }, (_, at) => (at === 5 ? 160 : 0));
    expect(scaleImage(grey(4, 4, ...values), 1 / 4)).toEqual(grey(1, 1, 10));
  });

  test.each([
    [3, 5, 2, 6, 10],
    [3, 5, 0.5, 2, 3],
    [3, 5, 0.01, 1, 1],
    [1, 1, 4, 4, 4],
  ])('brings %d x %d at %d times to %d x %d, and a flat image stays flat', (height, width, scale, rows, columns) => {
    const flat = grey(height, width, ...new Array<number>(height * width).fill(7));
    const scaled = scaleImage(flat, scale);
    expect([scaled.height, scaled.width]).toEqual([rows, columns]);
    expect([...scaled.data].every((value) => value === 7)).toBe(true);
  });
});
