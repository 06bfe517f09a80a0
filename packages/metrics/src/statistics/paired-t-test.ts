import { ShapeError } from '@pffnet/structures';
import { studentTTail } from './distributions.ts';

/** What a paired test is to show: `a` larger than `b`, smaller, or different. */
export type Alternative = 'greater' | 'less' | 'two-sided';

/** Outcome of a paired t-test. */
export interface PairedTTest {
  /** Pairs. */
  readonly count: number;
  readonly meanDifference: number | null;
  /** Null without two pairs or when all differences are 0; infinite when they are equal and not 0. */
  readonly t: number | null;
  readonly degreesOfFreedom: number;
  /** 0..1; null where `t` is. */
  readonly p: number | null;
}

/**
 * Student's t-test on paired values, by default one-tailed.
 *
 * `t = mean(d) / (sd(d) / sqrt(n))` with `d = a - b`, sd divided by n - 1; `p = P(T_{n-1} > t)`.
 * @param a - scores of one method, one per image.
 * @param b - scores of the other on the same images.
 * @throws ShapeError if the two differ in length.
 * @remarks Source: Table III of the paper (one-tailed over 14 images); the numbers of SciPy's `ttest_rel`.
 */
export function pairedTTest(
  a: readonly number[],
  b: readonly number[],
  alternative: Alternative = 'greater',
): PairedTTest {
  const differences = pairedDifferences('pairedTTest', a, b);
  const count = differences.length;
  const degreesOfFreedom = Math.max(0, count - 1);
  if (count === 0) return { count, meanDifference: null, t: null, degreesOfFreedom, p: null };
  const meanDifference = differences.reduce((sum, d) => sum + d, 0) / count;
  const squares = differences.reduce((sum, d) => sum + (d - meanDifference) ** 2, 0);
  const t = meanDifference / Math.sqrt(squares / (count - 1) / count);
  if (Number.isNaN(t)) return { count, meanDifference, t: null, degreesOfFreedom, p: null };
  return { count, meanDifference, t, degreesOfFreedom, p: tailOf(t, alternative, (x) => studentTTail(x, count - 1)) };
}

/** `a - b`, pair by pair. */
export function pairedDifferences(caller: string, a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) {
    throw new ShapeError(`${caller}: expected as many values in both lists, got ${a.length} and ${b.length}`);
  }
  return a.map((value, index) => value - b[index]);
}

/** The probability of a statistic at least as extreme, from the upper tail of a symmetric distribution. */
export function tailOf(statistic: number, alternative: Alternative, upperTail: (x: number) => number): number {
  switch (alternative) {
    case 'greater':
      return upperTail(statistic);
    case 'less':
      return upperTail(-statistic);
    case 'two-sided':
      return 2 * upperTail(Math.abs(statistic));
  }
}
