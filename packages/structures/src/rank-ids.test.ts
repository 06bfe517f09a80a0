import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { labelMap } from './label-map.ts';
import { rankIds } from './rank-ids.ts';

describe('rankIds', () => {
  test('finds the place of every id in ascending order, whether a table holds all numbers up to the greatest or not', () => {
    const id = fc.constantFrom(0, 0, 1, 2, 3, 7, 65_547, 65_548, 4_000_000_000, 2 ** 32 - 1);
    fc.assert(
      fc.property(fc.array(id, { minLength: 12, maxLength: 12 }), (values) => {
        const { ids, data, rank } = rankIds(labelMap(3, 4, values));
        expect([...ids]).toEqual([...new Set(values)].filter((value) => value > 0).sort((a, b) => a - b));
        expect(Array.from(data, (number) => (rank[number] === 0 ? 0 : ids[rank[number]! - 1]))).toEqual(values);
      }),
    );
  });

  test('of a map without objects is empty', () => {
    expect(rankIds(labelMap(1, 2)).ids).toHaveLength(0);
    expect(rankIds(labelMap(0, 0)).ids).toHaveLength(0);
  });
});
