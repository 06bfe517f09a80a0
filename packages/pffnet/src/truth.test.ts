import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { truthOf } from './truth.ts';

// 7 7 0 0
// 7 0 0 3
// 0 0 0 0
const labels = labelMap(3, 4, [7, 7, 0, 0, 7, 0, 0, 3, 0, 0, 0, 0]);

describe('truthOf', () => {
  test('lists objects by id, gaps in the numbers or not, with tight boxes', () => {
    const { ids, boxes } = truthOf(labels, 'continuous');
    expect(ids).toEqual([3, 7]);
    expect([...boxes]).toEqual([1, 3, 2, 4, 0, 0, 2, 2]);
  });

  test('ends boxes on their last pixel in legacy geometry: one of a single pixel has no extent', () => {
    expect([...truthOf(labels, 'legacy').boxes]).toEqual([1, 3, 1, 3, 0, 0, 1, 1]);
  });

  test.each(['continuous', 'legacy'] as const)('an image without objects is a truth too (%s)', (geometry) => {
    const empty = labelMap(2, 2);
    expect(truthOf(empty, geometry)).toEqual({ labels: empty, ids: [], boxes: new Float32Array(0) });
  });
});
