import { describe, expect, test } from '@jest/globals';
import { labelMap, type RgbImage } from '@pffnet/structures';
import { contactSheet } from './contact-sheet.ts';
import { reduceSample } from './reduce-sample.ts';

const plain = (height: number, width: number, grey: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(grey),
});
const rows = ({ width, data }: RgbImage): number[][] =>
  Array.from({ length: data.length / width / 3 }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * 3]!),
  );

describe('contactSheet', () => {
  test('puts pictures into cells of the largest size', () => {
    expect(rows(contactSheet([plain(1, 2, 7), plain(1, 1, 8), plain(1, 1, 9)], { columns: 2, gap: 1 }))).toEqual([
      [255, 255, 255, 255, 255, 255, 255],
      [255, 7, 7, 255, 8, 255, 255],
      [255, 255, 255, 255, 255, 255, 255],
      [255, 9, 255, 255, 255, 255, 255],
      [255, 255, 255, 255, 255, 255, 255],
    ]);
  });

  test('is no wider than its pictures, and refuses none', () => {
    expect(contactSheet([plain(3, 3, 0)], { columns: 4, gap: 2 })).toMatchObject({ height: 7, width: 7 });
    expect(() => contactSheet([], { columns: 4, gap: 2 })).toThrow('contactSheet: expected at least one picture');
  });
});

describe('reduceSample', () => {
  const labels = labelMap(4, 8, [1, 1, 0, 0, 0, 0, 2, 2, 1, 1, 0, 0, 0, 0, 2, 2, ...Array<number>(16).fill(0)]);

  test('halves image and labels alike', async () => {
    const { image, labels: small } = await reduceSample({ name: 'a', image: plain(4, 8, 60), labels }, 4);
    expect([image.height, image.width, small.height, small.width]).toEqual([2, 4, 2, 4]);
    expect([...small.data]).toEqual([1, 0, 0, 2, 0, 0, 0, 0]);
    expect([...new Set(image.data)]).toEqual([60]);
  });

  test('leaves a small sample alone', async () => {
    const sample = { name: 'a', image: plain(4, 8, 60), labels };
    expect(await reduceSample(sample, 8)).toBe(sample);
  });
});
