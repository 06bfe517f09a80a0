import { expect, test } from '@jest/globals';
import { withCurrent } from './with-current.ts';

test('withCurrent puts the current value among the usual ones, ascending, each once', () => {
  expect(withCurrent([0.5, 1, 2], 1.5)).toEqual([0.5, 1, 1.5, 2]);
  expect(withCurrent([0.5, 1, 10, 2], 1)).toEqual([0.5, 1, 2, 10]);
  expect(withCurrent([], 3)).toEqual([3]);
});
