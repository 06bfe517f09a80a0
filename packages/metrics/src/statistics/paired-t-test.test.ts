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

  test('the fourteen images of Table III in all three tails', () => {
    const a = [0.61, 0.58, 0.65, 0.7, 0.55, 0.62, 0.59, 0.66, 0.68, 0.57, 0.63, 0.6, 0.64, 0.56];
    const b = [0.59, 0.57, 0.66, 0.67, 0.54, 0.6, 0.6, 0.63, 0.66, 0.55, 0.61, 0.6, 0.62, 0.57];
    // scipy.stats.ttest_rel(a, b, alternative=…), SciPy 1.10.1: made-up scores, as many as in Table III.
    const expected = { greater: 0.003545655291071193, less: 0.9964543447089288, 'two-sided': 0.007091310582142386 };
    for (const alternative of ['greater', 'less', 'two-sided'] as const) {
      const { t, degreesOfFreedom, p } = pairedTTest(a, b, alternative);
      expect([t, degreesOfFreedom]).toEqual([expect.closeTo(3.190857536105018, 10), 13]);
      expect(p).toBeCloseTo(expected[alternative], 12);
    }
  });

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
