import { describe, expect, test } from '@jest/globals';
import { goldenJson } from '../../test/golden-pairs.ts';
import { pairedTTest } from './paired-t-test.ts';

interface GoldenRow {
  readonly a: number[];
  readonly b: number[];
  readonly t: number | string;
  readonly p_one_tailed_a_greater: number | string;
  readonly p_two_tailed?: number;
}

const rows = goldenJson<{ rows: GoldenRow[] }>('ttest').rows;

describe('pairedTTest', () => {
  test('divides the mean difference by its standard error', () => {
    // Differences 1, 2, 3: mean 2, standard deviation 1. With two degrees of freedom P(T > t) = (1 - t / sqrt(2 + t^2)) / 2.
    const t = 2 * Math.sqrt(3);
    const test = pairedTTest([5, 7, 9], [4, 5, 6]);
    expect(test).toMatchObject({ count: 3, meanDifference: 2, degreesOfFreedom: 2 });
    expect(test.t).toBeCloseTo(t, 14);
    expect(test.p).toBeCloseTo((1 - t / Math.sqrt(2 + t * t)) / 2, 14);
  });

  test('the other tail is the rest, and two tails are twice the smaller', () => {
    const [a, b] = [
      [0.6, 0.7, 0.9],
      [0.5, 0.65, 0.6],
    ];
    const p = pairedTTest(a, b).p!;
    expect(pairedTTest(b, a).p).toBeCloseTo(1 - p, 14);
    expect(pairedTTest(a, b, 'less').p).toBeCloseTo(1 - p, 14);
    expect(pairedTTest(a, b, 'two-sided').p).toBeCloseTo(2 * p, 14);
  });

  test.each(rows.filter(({ p_two_tailed }) => p_two_tailed !== undefined))(
    'gives $t and $p_one_tailed_a_greater as SciPy does',
    ({ a, b, t, p_one_tailed_a_greater, p_two_tailed }) => {
      const relative = (got: number | null, expected: number | string | undefined): number =>
        Math.abs(got! / Number(expected) - 1);
      expect(relative(pairedTTest(a, b).t, t)).toBeLessThan(1e-8);
      expect(relative(pairedTTest(a, b).p, p_one_tailed_a_greater)).toBeLessThan(1e-8);
      expect(relative(pairedTTest(a, b, 'two-sided').p, p_two_tailed)).toBeLessThan(1e-8);
    },
  );

  test('without any difference has no result, where SciPy gives NaN', () => {
    const { a, b } = rows.find(({ t }) => t === 'nan')!;
    expect(pairedTTest(a, b)).toEqual({ count: 3, meanDifference: 0, t: null, degreesOfFreedom: 2, p: null });
  });

  test('with a constant difference is certain', () => {
    const { a, b } = rows.find(({ t }) => t === 'inf')!;
    expect(pairedTTest(a, b)).toMatchObject({ t: Infinity, p: 0 });
    expect(pairedTTest(b, a)).toMatchObject({ t: -Infinity, p: 1 });
    expect(pairedTTest(b, a, 'two-sided').p).toBe(0);
  });

  test('needs two pairs', () => {
    expect(pairedTTest([], [])).toEqual({ count: 0, meanDifference: null, t: null, degreesOfFreedom: 0, p: null });
    expect(pairedTTest([2], [1])).toEqual({ count: 1, meanDifference: 1, t: null, degreesOfFreedom: 0, p: null });
  });

  test('refuses lists of different length', () => {
    expect(() => pairedTTest([1, 2], [1])).toThrow('pairedTTest: expected as many values in both lists, got 2 and 1');
  });
});
