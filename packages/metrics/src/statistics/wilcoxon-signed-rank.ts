import { normalTail } from './distributions.ts';
import { type Alternative, pairedDifferences, tailOf } from './paired-t-test.ts';

/** Where p comes from: the exact distribution given the ranks, or its normal approximation. */
export type WilcoxonMethod = 'exact' | 'normal';

/** Outcome of a Wilcoxon signed-rank test. */
export interface WilcoxonSignedRank {
  /** Pairs whose values differ; the others are left out. */
  readonly count: number;
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number;
  /** 0..1; null when no pair differs. */
  readonly p: number | null;
  readonly method: WilcoxonMethod;
}

/** Up to this many differences the exact distribution is used; SciPy's limit. */
const exactLimit = 50;

/**
 * Wilcoxon's signed-rank test on paired values: like the t-test without the assumption of normal differences.
 *
 * Differences `a - b` are ranked by magnitude, equal magnitudes sharing their mean rank; the statistic is the sum of the
 * ranks of positive ones. Exactly, every pattern of signs given the ranks is equally likely; the normal approximation
 * corrects the variance for ties and has no continuity correction.
 * @param method - by default exact up to 50 differences and normal above; exact takes time and memory of order n^3.
 * @throws ShapeError if the two differ in length.
 * @remarks Source: Wilcoxon 1945; the numbers of SciPy's `wilcoxon` (`zero_method='wilcox'`), which turns to the
 * approximation already when there are ties or zeros. Ties of differences of decimals depend on rounding: 0.3 - 0.2 and
 * 0.2 - 0.1 are not equal in binary.
 */
export function wilcoxonSignedRank(
  a: readonly number[],
  b: readonly number[],
  alternative: Alternative = 'greater',
  method?: WilcoxonMethod,
): WilcoxonSignedRank {
  const differences = pairedDifferences('wilcoxonSignedRank', a, b).filter((difference) => difference !== 0);
  const count = differences.length;
  const { ranks, tieSum } = rankByMagnitude(differences);
  const statistic = ranks.reduce((sum, rank, index) => (differences[index] > 0 ? sum + rank : sum), 0);
  const used = method ?? (count <= exactLimit ? 'exact' : 'normal');
  if (count === 0) return { count, statistic, p: null, method: used };
  if (used === 'exact') return { count, statistic, p: exactP(ranks, statistic, alternative), method: used };
  const mean = (count * (count + 1)) / 4;
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - tieSum / 48;
  return {
    count,
    statistic,
    p: tailOf((statistic - mean) / Math.sqrt(variance), alternative, normalTail),
    method: used,
  };
}

/** Mean ranks 1..n of |difference|, and the sum of `size^3 - size` over groups of equal ones. */
function rankByMagnitude(differences: readonly number[]): { ranks: number[]; tieSum: number } {
  const order = differences.map((_, index) => index);
  order.sort((i, j) => Math.abs(differences[i]) - Math.abs(differences[j]));
  const ranks = new Array<number>(order.length);
  let tieSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && Math.abs(differences[order[end]]) === Math.abs(differences[order[start]])) end++;
    for (let at = start; at < end; at++) ranks[order[at]] = (start + 1 + end) / 2;
    tieSum += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, tieSum };
}

function exactP(ranks: readonly number[], statistic: number, alternative: Alternative): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const reversed = total - statistic; // the statistic of b - a, distributed alike
  switch (alternative) {
    case 'greater':
      return exactTail(ranks, statistic);
    case 'less':
      return exactTail(ranks, reversed);
    case 'two-sided':
      return Math.min(1, 2 * exactTail(ranks, Math.max(statistic, reversed)));
  }
}

/** P(sum of the ranks with a positive sign >= statistic). Ranks may be halves, so everything is counted in halves. */
function exactTail(ranks: readonly number[], statistic: number): number {
  const halves = ranks.map((rank) => Math.round(2 * rank));
  const total = halves.reduce((sum, half) => sum + half, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const half of halves) {
    for (let sum = total; sum >= 0; sum--) {
      probability[sum] = (probability[sum] + (sum >= half ? probability[sum - half] : 0)) / 2;
    }
  }
  let tail = 0;
  for (let sum = total; sum >= Math.round(2 * statistic); sum--) tail += probability[sum];
  return tail;
}
