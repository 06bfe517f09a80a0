import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { topK } from './top-k.ts';

describe('topK', () => {
  test.each([
    [2, [1, 3]],
    [3, [1, 3, 0]],
    [9, [1, 3, 0, 4, 2]],
    [0, []],
  ])('gives the %i highest, the first of equals first, NaN last', (count, expected) => {
    expect([...topK(new Float32Array([2, 5, NaN, 5, -1]), count)]).toEqual(expected);
  });

  test('agrees with a plain stable sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 40 }), fc.nat(45), (scores, count) => {
        const expected = scores.map((_, index) => index).sort((a, b) => scores[b] - scores[a]);
        expect([...topK(new Float32Array(scores), count)]).toEqual(expected.slice(0, count));
      }),
    );
  });
});
