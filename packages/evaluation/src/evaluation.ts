import {
  compareScores,
  pooledScores,
  type ScoreComparison,
  type ScoreName,
  type ScorePolicy,
  type ScoreRow,
  summarise,
  type Summary,
} from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';
import type { ScoredImage } from './score-pairs.ts';

/** Scores of a group of images, or of all. */
export interface Section {
  /** The group, or `all`. */
  readonly name: string;
  readonly summary: Summary;
  /** Over the objects and pixels of all images together. */
  readonly pooled: ScoreRow;
  readonly other: OtherMethod | null;
}

/** The method that is compared with. */
export interface OtherMethod {
  readonly summary: Summary;
  readonly scores: Readonly<Partial<Record<ScoreName, ScoreComparison>>>;
}

/** How two methods are compared. */
export interface ComparisonPlan {
  readonly scores: readonly ScoreName[];
  readonly seed: number;
}

/** The level of the intervals in comparisons. */
export const confidence = 0.95;
/** Samples of the bootstrap. */
export const resamples = 10_000;

/** Scored images, and how they are grouped and compared. */
export interface EvaluationRequest {
  readonly ours: readonly ScoredImage[];
  /** The same images by the method that is compared with. */
  readonly theirs: readonly ScoredImage[] | undefined;
  readonly groupOf: (name: string) => string | null;
  readonly policy: ScorePolicy;
  readonly plan: ComparisonPlan;
}

/** Summarises all images, then each group of them in ascending order of its name. */
export function evaluateSections(request: EvaluationRequest): Section[] {
  const { ours, groupOf } = request;
  const groups = [...new Set(ours.map(({ name }) => groupOf(name)))].filter((group) => group !== null).sort();
  return [
    section('all', request, () => true),
    ...groups.map((group) => section(group, request, ({ name }) => groupOf(name) === group)),
  ];
}

function section(
  name: string,
  { ours, theirs, policy, plan }: EvaluationRequest,
  counts: (image: ScoredImage) => boolean,
): Section {
  const images = ours.filter(counts);
  const summary = summaryOf(images, policy);
  return {
    name,
    summary,
    pooled: pooledScores(
      images.map(({ tally }) => tally),
      policy,
    ),
    other: theirs === undefined ? null : compared(summary, summaryOf(theirs.filter(counts), policy), plan),
  };
}

function summaryOf(images: readonly ScoredImage[], policy: ScorePolicy): Summary {
  return summarise(
    images.map(({ scores }) => scores),
    policy,
  );
}

function compared(summary: Summary, other: Summary, { scores, seed }: ComparisonPlan): OtherMethod {
  return {
    summary: other,
    scores: compareScores(summary.images, other.images, {
      scores,
      policy: summary.policy,
      streamOf: (score) => randomStream(seed, `compare/${score}`),
      confidence,
      resamples,
    }),
  };
}
