import { expect, test } from '@jest/globals';
import { distribution } from './distribution.ts';

test('distribution interpolates quantiles between ranks', () => {
  // numpy.quantile([0, 10, 20, 30, 40], [.05, .25, .5, .75, .95])
  expect(distribution([30, 0, 20, 40, 10])).toEqual({
    least: 0,
    p5: 2,
    p25: 10,
    median: 20,
    p75: 30,
    p95: 38,
    greatest: 40,
    mean: 20,
  });
  expect(distribution([])).toBeNull();
});
