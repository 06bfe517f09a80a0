import { expect, test } from '@jest/globals';
import { quantile } from './quantile.ts';

test('quantile interpolates between neighbours as calculated by hand', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4], share))).toEqual([
    1,
    1.5,
    2,
    expect.closeTo(3.6),
    4,
  ]);
  expect(quantile([7], 0.3)).toBe(7);
});
