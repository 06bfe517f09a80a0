import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import fc from 'fast-check';
import { anySample, tiedSample } from '../../test/any-sample.ts';
import { randomPatch } from './crop-patch.ts';
import { scaledPatch } from './scaled-patch.ts';

// 1 2 3 4
// 5 6 7 8
// 9 10 11 12
// 13 14 15 16
const grid = tiedSample(4, 4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const stream = (seed = 1) => randomStream(seed, 'patches');

describe('scaledPatch', () => {
  test('shows a quarter of the pixels twice as large', () => {
    const { labels, image } = scaledPatch(grid, 4, { min: 2, max: 2 }, stream());
    const [a, b, c, d] = [labels.data[0]!, labels.data[2]!, labels.data[8]!, labels.data[10]!];
    expect([...labels.data]).toEqual([a, a, b, b, a, a, b, b, c, c, d, d, c, c, d, d]);
    expect([b - a, c - a, d - a]).toEqual([1, 4, 5]);
    expect(image.data).toHaveLength(4 * 4 * 3);
  });

  test('shows the whole of it half as large', () => {
    const { labels } = scaledPatch(grid, 2, { min: 0.5, max: 0.5 }, stream());
    expect([...labels.data]).toEqual([6, 8, 14, 16]);
  });

  test('cuts no square that is larger than the sample', () => {
    const { labels } = scaledPatch(grid, 3, { min: 0.1, max: 0.1 }, stream());
    expect([...labels.data]).toEqual([1, 3, 4, 9, 11, 12, 13, 15, 16]);
  });

  test('is a plain patch, drawn alike, where both bounds are 1', () => {
    fc.assert(
      fc.property(anySample(), fc.integer({ min: 1, max: 9 }), fc.integer(), (sample, size, seed) => {
        const patch = scaledPatch(sample, size, { min: 1, max: 1 }, stream(seed));
        expect(patch).toEqual(randomPatch(sample, size, stream(seed)));
      }),
    );
  });

  test('has the size that was asked for, and no id from elsewhere', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(anySample(), size, fc.integer(), (sample, side, seed) => {
        const { labels, image } = scaledPatch(sample, side, { min: 0.5, max: 2 }, stream(seed));
        expect([labels.height, labels.width, image.height, image.width]).toEqual([side, side, side, side]);
        expect([...labels.data].every((id) => id === 0 || sample.labels.data.includes(id))).toBe(true);
      }),
    );
  });
});
