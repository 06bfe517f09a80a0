import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { cutImage, cutLabels, worstWindow } from './worst-window.ts';

describe('worstWindow', () => {
  const truth = labelMap(1, 12);
  for (const x of [0, 8, 10]) truth.data[x] = x + 1;
  const prediction = labelMap(1, 12);
  prediction.data[11] = 5;

  test('holds the most missed and false objects', () => {
    const fates = { missed: new Set([1, 9, 11]), false: new Set([5]) };
    expect(worstWindow(prediction, truth, fates, 4)).toEqual({ y: 0, x: 8, height: 1, width: 4 });
    expect(worstWindow(prediction, truth, { missed: new Set([1]), false: new Set() }, 4)).toMatchObject({ x: 0 });
  });

  test('is the whole image where that is small enough', () => {
    const none = { missed: new Set<number>(), false: new Set<number>() };
    expect(worstWindow(prediction, truth, none, 12)).toEqual({ y: 0, x: 0, height: 1, width: 12 });
  });

  test("reaches the image's end when the steps do not", () => {
    const fates = { missed: new Set([11]), false: new Set([5]) };
    expect(worstWindow(prediction, truth, fates, 5)).toMatchObject({ x: 7, width: 5 });
  });
});

describe('cutLabels and cutImage', () => {
  test('take the same rectangle', () => {
    const labels = labelMap(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const window = { y: 1, x: 1, height: 2, width: 2 };
    expect(cutLabels(labels, window)).toEqual(labelMap(2, 2, [5, 6, 8, 9]));
    const image = { height: 3, width: 3, data: Float32Array.from({ length: 27 }, (_, at) => at) };
    expect([...cutImage(image, window).data]).toEqual([12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 25, 26]);
  });
});
