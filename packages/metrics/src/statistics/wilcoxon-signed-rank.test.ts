import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goldenJson } from '../../test/golden-pairs.ts';
import { wilcoxonSignedRank } from './wilcoxon-signed-rank.ts';

interface GoldenRow {
  readonly a: number[];
  readonly b: number[];
  readonly wilcoxon_stat_greater?: number;
  readonly wilcoxon_p_greater: number;
}

const rows = goldenJson<{ rows: GoldenRow[] }>('ttest').rows.filter((row) => row.wilcoxon_stat_greater !== undefined);

describe('wilcoxonSignedRank', () => {
  test('counts sign patterns at least as extreme', () => {
    // Ranks 1 2 3, the smallest negative: sums of at least 5 come from + + + and - + +.
    const [a, b] = [
      [0.4, 0.7, 0.9],
      [0.5, 0.5, 0.5],
    ];
    expect(wilcoxonSignedRank(a, b)).toEqual({ count: 3, statistic: 5, p: 2 / 8, method: 'exact' });
    expect(wilcoxonSignedRank(a, b, 'less').p).toBe(7 / 8);
    expect(wilcoxonSignedRank(a, b, 'two-sided').p).toBe(4 / 8);
  });

  test('equal differences share their rank, and zeros are left out', () => {
    // Differences 1 1 -1 2: ranks 2 2 2 4. Sums of at least 8: 2^4 patterns, those with 4 and two or three 2s.
    expect(wilcoxonSignedRank([1, 1, 0, 2, 3], [0, 0, 1, 0, 3])).toEqual({
      count: 4,
      statistic: 8,
      p: 4 / 16,
      method: 'exact',
    });
  });

  test('is exact: the share of sign patterns, by trying all', () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 9 });
    fc.assert(
      fc.property(values, (differences) => {
        const { count, statistic, p } = wilcoxonSignedRank(
          differences,
          differences.map(() => 0),
        );
        const magnitudes = differences.map(Math.abs).filter((magnitude) => magnitude > 0);
        const ranks = magnitudes.map(
          (m) =>
            magnitudes.filter((other) => other < m).length + (magnitudes.filter((other) => other === m).length + 1) / 2,
        );
        let atLeast = 0;
        for (let signs = 0; signs < 1 << ranks.length; signs++) {
          if (ranks.reduce((sum, rank, bit) => sum + ((signs >> bit) & 1) * rank, 0) >= statistic) atLeast++;
        }
        expect(count).toBe(ranks.length);
        expect(p).toBe(ranks.length === 0 ? null : atLeast / (1 << ranks.length));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test.each(rows)('gives $wilcoxon_stat_greater and $wilcoxon_p_greater as SciPy does', (row) => {
    // SciPy approximates when magnitudes tie, as two of the 50 differences of the last row do; ours would be exact.
    const magnitudes = row.a.map((value, index) => Math.abs(value - row.b[index]));
    const method = new Set(magnitudes).size < magnitudes.length ? 'normal' : 'exact';
    const { statistic, p } = wilcoxonSignedRank(row.a, row.b, 'greater', method);
    expect(statistic).toBe(row.wilcoxon_stat_greater);
    expect(Math.abs(p! / row.wilcoxon_p_greater - 1)).toBeLessThan(1e-8);
  });

  const zeros = [0, 0, 1, -2, 3, 4, 5, -6];
  const tied = [1, 1, -1, 2, 3, 3, -2, 4];
  const tiedWithZeros = [0, 1, 1, -1, 2, 2, 0, -3, 4, 4];

  // scipy.stats.wilcoxon(differences, alternative=…, mode=…, correction=False), SciPy 1.10.1.
  test.each([
    ['five pairs', 'exact', [0.125, -0.25, 0.5, 0.75, 1], 13, [0.09375, 0.9375, 0.1875]],
    [
      'five pairs',
      'normal',
      [0.125, -0.25, 0.5, 0.75, 1],
      13,
      [0.06900536878432978, 0.9309946312156703, 0.13801073756865956],
    ],
    ['one pair', 'exact', [0.5], 1, [0.5, 1, 1]],
    ['one pair', 'normal', [0.5], 1, [0.15865525393145707, 0.8413447460685429, 0.31731050786291415]],
    ['zeros', 'normal', zeros, 13, [0.3000897435702769, 0.699910256429723, 0.6001794871405538]],
    ['ties', 'normal', tied, 29.5, [0.052370108323589605, 0.9476298916764104, 0.10474021664717921]],
    ['ties and zeros', 'normal', tiedWithZeros, 28, [0.07916783876068934, 0.9208321612393107, 0.15833567752137867]],
  ] as const)("%s, %s: SciPy's numbers in all three tails", (_, method, differences, statistic, expected) => {
    const none = differences.map(() => 0);
    (['greater', 'less', 'two-sided'] as const).forEach((alternative, index) => {
      const result = wilcoxonSignedRank(differences, none, alternative, method);
      expect(result).toMatchObject({ statistic, method });
      expect(Math.abs(result.p! / expected[index] - 1)).toBeLessThan(1e-12);
    });
  });

  test('zeros change nothing, however many there are', () => {
    const none = (list: readonly number[]): number[] => list.map(() => 0);
    const without = zeros.filter((difference) => difference !== 0);
    expect(wilcoxonSignedRank(zeros, none(zeros))).toEqual(wilcoxonSignedRank(without, none(without)));
  });

  test('above 50 differences approximates, with the correction for ties', () => {
    // scipy.stats.wilcoxon(a, b, method='approx', correction=False), SciPy 1.17.1; 59 differences in 45 magnitudes.
    const a = Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) / 8);
    const b = Array.from({ length: 60 }, (_, i) => ((i * 53) % 97) / 8 - 1.5);
    const greater = wilcoxonSignedRank(a, b);
    expect(greater).toMatchObject({ count: 59, statistic: 1265.5, method: 'normal' });
    expect(greater.p).toBeCloseTo(0.002038393683578459, 14);
    expect(wilcoxonSignedRank(a, b, 'less').p).toBeCloseTo(0.9979616063164215, 14);
    expect(wilcoxonSignedRank(a, b, 'two-sided').p).toBeCloseTo(0.004076787367156918, 14);
  });

  test('has no result when nothing differs', () => {
    expect(wilcoxonSignedRank([1, 2], [1, 2])).toEqual({ count: 0, statistic: 0, p: null, method: 'exact' });
  });

  test('refuses lists of different length', () => {
    expect(() => wilcoxonSignedRank([1], [])).toThrow(
      'wilcoxonSignedRank: expected as many values in both lists, got 1 and 0',
    );
  });
});
