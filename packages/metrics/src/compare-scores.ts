import { type RandomStream, ShapeError } from '@pffnet/structures';
import type { ImageScores, ScoreName } from './image-scores.ts';
import { definedScore, type ScorePolicy } from './score-policy.ts';
import { bootstrapInterval } from './statistics/bootstrap-interval.ts';
import { holm } from './statistics/holm.ts';
import { type PairedTTest, pairedTTest } from './statistics/paired-t-test.ts';
import { type WilcoxonSignedRank, wilcoxonSignedRank } from './statistics/wilcoxon-signed-rank.ts';

/** One score of two methods on the same images. */
export interface ScoreComparison {
  /** Images that count: those where the score is defined for both, or where the policy gives it a value. */
  readonly count: number;
  readonly mean: number | null;
  readonly otherMean: number | null;
  /** Mean over images of the first minus the second, with a bootstrap interval. */
  readonly difference: { readonly mean: number | null; readonly low: number | null; readonly high: number | null };
  /** One-tailed: is the first better? `holm` is p corrected for all scores that were compared. */
  readonly tTest: PairedTTest & { readonly holm: number | null };
  /** The same by ranks. */
  readonly wilcoxon: WilcoxonSignedRank & { readonly holm: number | null };
}

/** What is compared, and how. */
export interface CompareOptions<Name extends ScoreName> {
  /** Scores of the family that Holm's method corrects for. */
  readonly scores: readonly Name[];
  readonly policy: ScorePolicy;
  /** Where the bootstrap draws come from; a stream for each score. */
  readonly streamOf: (score: Name) => RandomStream;
  /** Of the interval, 0..1 exclusive; 0.95 by default. */
  readonly confidence?: number;
  /** Samples of the bootstrap; 10,000 by default. */
  readonly resamples?: number;
}

/**
 * Whether one method scores higher than another on the same images: differences with their uncertainty, and two tests.
 * A count difference is compared like every other score, as a number that should be high: leave it out, or read it so.
 * @param ours - scores by {@link scoreImage}, one per image.
 * @param theirs - of the other method, the same images in the same order.
 * @throws ShapeError if the two are not of the same images.
 * @remarks Source: Table III (one-tailed paired t-test); the rest is beyond the paper.
 */
export function compareScores<Name extends ScoreName>(
  ours: readonly ImageScores[],
  theirs: readonly ImageScores[],
  { scores, policy, streamOf, ...bootstrap }: CompareOptions<Name>,
): Record<Name, ScoreComparison> {
  assertSameImages(ours, theirs);
  const tests = scores.map((score) => {
    const pairs = ours
      .map((image, index) => [definedScore(image[score], policy), definedScore(theirs[index][score], policy)] as const)
      .filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
    const a = pairs.map(([value]) => value);
    const b = pairs.map(([, value]) => value);
    const differences = pairs.map(([value, other]) => value - other);
    const { estimate, low, high } = bootstrapInterval(differences, { stream: streamOf(score), ...bootstrap });
    return {
      score,
      count: pairs.length,
      mean: meanOf(a),
      otherMean: meanOf(b),
      difference: { mean: estimate, low, high },
      tTest: pairedTTest(a, b),
      wilcoxon: wilcoxonSignedRank(a, b),
    };
  });
  const tHolm = holm(tests.map(({ tTest }) => tTest.p));
  const wilcoxonHolm = holm(tests.map(({ wilcoxon }) => wilcoxon.p));
  return Object.fromEntries(
    tests.map(({ score, tTest, wilcoxon, ...comparison }, index): [Name, ScoreComparison] => [
      score,
      {
        ...comparison,
        tTest: { ...tTest, holm: tHolm[index] },
        wilcoxon: { ...wilcoxon, holm: wilcoxonHolm[index] },
      },
    ]),
  ) as Record<Name, ScoreComparison>;
}

function assertSameImages(ours: readonly ImageScores[], theirs: readonly ImageScores[]): void {
  const same = ours.length === theirs.length && ours.every(({ name }, index) => name === theirs[index].name);
  if (same) return;
  const names = (images: readonly ImageScores[]): string => images.map(({ name }) => name).join(', ');
  throw new ShapeError(
    `compareScores: expected the same images in the same order, got ${names(ours)} and ${names(theirs)}`,
  );
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
