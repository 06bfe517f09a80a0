import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { labelMap } from './label-map.ts';
import { resizeImage, resizeLabels, resizeValues } from './resize-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** One row of grey pixels. */
const row = (...values: number[]): RgbImage => ({
  height: 1,
  width: values.length,
  data: Float32Array.from(values.flatMap((value) => [value, value, value])),
});
const greys = ({ data }: RgbImage): number[] => [...data].filter((_, at) => at % 3 === 0);
const side = fc.integer({ min: 1, max: 9 });

describe('resizeImage', () => {
  test('mixes neighbours by the distance of their centres', () => {
    // New centres lie at 0.25, 0.75, 1.25 and 1.75 old pixels: a quarter before the first centre, and so on.
    expect(greys(resizeImage(row(0, 8), { height: 1, width: 4 }))).toEqual([0, 2, 6, 8]);
    expect(greys(resizeImage(row(0, 8, 4, 6), { height: 1, width: 2 }))).toEqual([4, 5]);
  });

  test('keeps a slope straight, inside the outermost centres', () => {
    const { data } = resizeImage(row(...Array.from({ length: 10 }, (_, x) => x + 0.5)), { height: 1, width: 7 });
    for (let x = 1; x < 6; x++) expect(data[x * 3]).toBeCloseTo(((x + 0.5) * 10) / 7, 5); // float32
  });

  test('leaves one value what it is, and the same size untouched', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (h, w, height, width, value) => {
        const image = { height: h, width: w, data: new Float32Array(h * w * 3).fill(value) };
        const resized = resizeImage(image, { height, width });
        expect([resized.height, resized.width, resized.data.length]).toEqual([height, width, height * width * 3]);
        expect(resized.data.every((other) => other === value)).toBe(true);
      }),
    );
    const image = row(1, 2, 3);
    expect(resizeImage(image, image)).toBe(image);
  });
});

describe('resizeValues', () => {
  test('is one channel of a resized image', () => {
    const values = { height: 2, width: 3, data: Float32Array.of(0, 8, 4, 6, 1, 2) };
    const grey = { ...values, data: Float32Array.from([...values.data].flatMap((value) => [value, value, value])) };
    for (const size of [
      { height: 5, width: 7 },
      { height: 1, width: 2 },
    ]) {
      expect([...resizeValues(values, size)]).toEqual(greys(resizeImage(grey, size) as RgbImage));
    }
    expect(resizeValues(values, values)).toBe(values.data);
  });
});

describe('resizeLabels', () => {
  test('takes the id at each new centre', () => {
    expect([...resizeLabels(labelMap(1, 3, [1, 2, 3]), { height: 2, width: 6 }).data]).toEqual([
      1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3,
    ]);
    expect([...resizeLabels(labelMap(1, 4, [1, 2, 3, 4]), { height: 1, width: 2 }).data]).toEqual([2, 4]);
  });

  test('invents no id', () => {
    fc.assert(
      fc.property(side, side, side, side, (h, w, height, width) => {
        const labels = labelMap(
          h,
          w,
          Array.from({ length: h * w }, (_, index) => index + 1),
        );
        const resized = resizeLabels(labels, { height, width });
        expect(resized.data).toHaveLength(height * width);
        expect(resized.data.every((id) => id >= 1 && id <= h * w)).toBe(true);
      }),
    );
  });
});
