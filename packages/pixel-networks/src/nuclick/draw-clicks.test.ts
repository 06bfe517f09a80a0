import { describe, expect, test } from '@jest/globals';
import { labelMap, randomStream } from '@pffnet/structures';
import { deepestClicks, randomClicks } from './draw-clicks.ts';

// A 3 x 3 square, and a pixel.
const labels = labelMap(
  5,
  6,
  [0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 0, 0, 0, 7, 7, 7, 0, 2, 0, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0],
);

describe('deepestClicks', () => {
  test('points at the pixel of every object that lies deepest in it, by ascending ids', () => {
    expect(deepestClicks(labels)).toEqual([
      { y: 2.5, x: 5.5 },
      { y: 2.5, x: 2.5 },
    ]);
    expect(deepestClicks(labelMap(2, 2))).toEqual([]);
  });
});

describe('randomClicks', () => {
  test('points at inner pixels: at least half as deep as the deepest one', () => {
    const stream = randomStream(1, 'clicks');
    const found = Array.from({ length: 60 }, () => randomClicks(labels, stream));
    expect(new Set(found.map(([pixel]) => JSON.stringify(pixel)))).toEqual(new Set(['{"y":2.5,"x":5.5}']));
    // Depths of the square are 1 on its border and 2 in its middle: all of them are inner.
    expect(new Set(found.map(([, square]) => JSON.stringify(square))).size).toBe(9);
    for (const [, { y, x }] of found as [unknown, { y: number; x: number }][])
      expect(labels.data[(y - 0.5) * 6 + x - 0.5]).toBe(7);
  });
});
