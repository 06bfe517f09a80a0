import { describe, expect, test } from '@jest/globals';
import { randomStream, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { anySample, isTied, tiedSample } from '../../test/any-sample.ts';
import { refusal } from '../../test/refusal.ts';
import { cropPatch, randomPatch } from './crop-patch.ts';

// 1 2 3
// 4 5 6
const grid = tiedSample(2, 3, [1, 2, 3, 4, 5, 6], 'grid');

describe('cropPatch', () => {
  test('cuts out a square and says from where', () => {
    const patch = cropPatch(grid, { size: 2, y: 0, x: 1 });
    expect(patch.name).toBe('grid_y0_x1');
    expect([...patch.labels.data]).toEqual([2, 3, 5, 6]);
    expect(isTied(patch)).toBe(true);
  });

  test('puts a smaller sample at the top left of grey background', () => {
    const { image, labels } = cropPatch(grid, { size: 3, y: 0, x: 0 });
    expect([...labels.data]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0]);
    expect([...image.data.subarray(18)]).toEqual(Array<number>(9).fill(128));
    expect(isTied({ ...grid, image: { ...image, height: 2, data: image.data.slice(0, 18) } })).toBe(true);
  });

  test.each([
    [{ size: 2, y: 1, x: 0 }, 'y in 0..0 and x in 0..1 for size 2 in grid (2 x 3), got y 1 and x 0'],
    [{ size: 2, y: 0, x: 2 }, 'y in 0..0 and x in 0..1 for size 2 in grid (2 x 3), got y 0 and x 2'],
    [{ size: 1, y: -1, x: 0 }, 'y in 0..1 and x in 0..2 for size 1 in grid (2 x 3), got y -1 and x 0'],
    [{ size: 1, y: 0, x: 0.5 }, 'y in 0..1 and x in 0..2 for size 1 in grid (2 x 3), got y 0 and x 0.5'],
    [{ size: 0, y: 0, x: 0 }, 'y in 0..2 and x in 0..3 for size 0 in grid (2 x 3), got y 0 and x 0'],
  ])('refuses %j', async (place, message) => {
    expect(await refusal(() => cropPatch(grid, place))).toEqual([
      ShapeError,
      `cropPatch: expected whole numbers, ${message}`,
    ]);
  });
});

describe('randomPatch', () => {
  test('stays inside, and keeps image and labels aligned', () => {
    fc.assert(
      fc.property(anySample(), fc.integer({ min: 1, max: 9 }), fc.integer(), (sample, size, seed) => {
        const patch = randomPatch(sample, size, randomStream(seed, 'patches'));
        expect([patch.labels.height, patch.labels.width]).toEqual([size, size]);
        const { height, width } = sample.labels;
        if (height >= size && width >= size) expect(isTied(patch)).toBe(true);
        // Padding has no objects, so no id can come from elsewhere.
        expect([...patch.labels.data].every((id) => id === 0 || sample.labels.data.includes(id))).toBe(true);
      }),
    );
  });

  test('reaches every place', () => {
    const stream = randomStream(1, 'patches');
    const names = new Set(Array.from({ length: 60 }, () => randomPatch(grid, 1, stream).name));
    expect(names.size).toBe(6);
  });
});
