import { describe, expect, test } from '@jest/globals';
import { stepsBetweenLines } from './train-visibly.ts';

describe('stepsBetweenLines', () => {
  test.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [30, 2],
    [100, 5],
    [200, 10],
    [600, 50],
    [3000, 200],
    [20_000, 1000],
    [20_001, 2000],
  ])('%d steps: a line every %d', (iterations, every) => {
    expect(stepsBetweenLines(iterations)).toBe(every);
  });
});
