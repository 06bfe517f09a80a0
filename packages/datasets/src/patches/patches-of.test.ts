import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import { tiedSample } from '../../test/any-sample.ts';
import { patchesOf } from './patches-of.ts';

// 1 2 3
// 4 5 6
const grid = tiedSample(2, 3, [1, 2, 3, 4, 5, 6], 'grid');
const large = tiedSample(
  9,
  8,
  Array.from({ length: 72 }, (_, index) => index),
  'large, with a comma',
);

describe('patchesOf', () => {
  test('draws as many as asked, the same from the same stream', () => {
    const [a, b] = [0, 1].map(() => patchesOf(large, { size: 3, perImage: 20 }, randomStream(4, 'patches')));
    expect(a).toHaveLength(20);
    expect(a).toEqual(b);
    expect(patchesOf(grid, { size: 1, perImage: 0 }, randomStream(4, 'patches'))).toEqual([]);
  });

  test('takes no place twice, and each once where there are fewer places than patches', () => {
    const names = patchesOf(grid, { size: 2, perImage: 50 }, randomStream(1, 'patches')).map(({ name }) => name);
    expect(names.sort()).toEqual(['grid_y0_x0', 'grid_y0_x1']);
    expect(patchesOf(grid, { size: 7, perImage: 50 }, randomStream(1, 'patches'))).toHaveLength(1);
  });
});
