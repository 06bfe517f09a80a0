import { ajiOnceLegacyRatio, ajiOnceRatio, ajiPlusRatio, ajiRatio } from './aji.ts';
import { bestDiceOf, bestDicePredictedRatio, bestDiceTruthRatio, countDifference, smallerOf } from './best-dice.ts';
import { cvpppSums } from './cvppp-strict.ts';
import { diceRatio, ensembleDiceOf, ensembleDiceRatio } from './dice.ts';
import type { ImageScores } from './image-scores.ts';
import { type DetectionCounts, f1Of, objectF1Counts } from './object-f1.ts';
import type { OverlapTable } from './overlap-table.ts';
import { type PanopticCounts, panopticCounts, panopticQualityOf } from './panoptic-quality.ts';
import { type Ratio, ratioValue } from './ratio.ts';
import { defaultPolicy, type ScorePolicy } from './score-policy.ts';

/**
 * All counts and sums behind an image's scores. Tallies of many images can be added: the scores of the sum are the
 * pooled scores, in which every object or pixel weighs the same rather than every image.
 */
export interface Tally {
  readonly truthCount: number;
  readonly predictedCount: number;
  readonly aji: Ratio;
  readonly ajiPlus: Ratio;
  readonly ajiOnce: Ratio;
  readonly ajiOnceLegacy: Ratio;
  readonly dice: Ratio;
  readonly ensembleDice: Ratio;
  readonly f1: DetectionCounts;
  readonly panoptic: PanopticCounts;
  readonly bestDiceTruth: Ratio;
  readonly bestDicePredicted: Ratio;
  readonly countDifference: number;
  readonly absoluteCountDifference: number;
  readonly numbering: ScorePolicy['numbering'];
}

/** Counts everything in one pair of label maps. */
export function tallyOverlaps(table: OverlapTable, { numbering }: ScorePolicy = defaultPolicy): Tally {
  return {
    truthCount: table.truthIds.length,
    predictedCount: table.predictedIds.length,
    aji: ajiRatio(table),
    ajiPlus: ajiPlusRatio(table),
    ajiOnce: ajiOnceRatio(table),
    ajiOnceLegacy: ajiOnceLegacyRatio(table),
    ensembleDice: ensembleDiceRatio(table),
    f1: objectF1Counts(table),
    panoptic: panopticCounts(table),
    ...challengeTally(table, numbering),
    numbering,
  };
}

/** Adds up the tallies of several images, all made with one policy. */
export function addTallies(tallies: readonly Tally[], { numbering }: ScorePolicy = defaultPolicy): Tally {
  const total = (count: (tally: Tally) => number): number => tallies.reduce((sum, tally) => sum + count(tally), 0);
  const ratios = (part: (tally: Tally) => Ratio): Ratio => ({
    numerator: total((tally) => part(tally).numerator),
    denominator: total((tally) => part(tally).denominator),
  });
  const counts = (part: (tally: Tally) => DetectionCounts): DetectionCounts => ({
    truePositives: total((tally) => part(tally).truePositives),
    falsePositives: total((tally) => part(tally).falsePositives),
    falseNegatives: total((tally) => part(tally).falseNegatives),
  });
  return {
    truthCount: total((tally) => tally.truthCount),
    predictedCount: total((tally) => tally.predictedCount),
    aji: ratios((tally) => tally.aji),
    ajiPlus: ratios((tally) => tally.ajiPlus),
    ajiOnce: ratios((tally) => tally.ajiOnce),
    ajiOnceLegacy: ratios((tally) => tally.ajiOnceLegacy),
    dice: ratios((tally) => tally.dice),
    ensembleDice: ratios((tally) => tally.ensembleDice),
    f1: counts((tally) => tally.f1),
    panoptic: { ...counts((tally) => tally.panoptic), iouSum: total((tally) => tally.panoptic.iouSum) },
    bestDiceTruth: ratios((tally) => tally.bestDiceTruth),
    bestDicePredicted: ratios((tally) => tally.bestDicePredicted),
    countDifference: total((tally) => tally.countDifference),
    absoluteCountDifference: total((tally) => tally.absoluteCountDifference),
    numbering,
  };
}

/** The scores of a tally: of one image, or pooled over the images that were added up. */
export function scoresOf(name: string, tally: Tally): ImageScores {
  const { dq, sq, pq } = panopticQualityOf(tally.panoptic);
  const [bestDiceTruth, bestDicePredicted] = bestDiceScores(tally);
  return {
    name,
    truthCount: tally.truthCount,
    predictedCount: tally.predictedCount,
    aji: ratioValue(tally.aji),
    ajiPlus: ratioValue(tally.ajiPlus),
    ajiOnce: ratioValue(tally.ajiOnce),
    ajiOnceLegacy: ratioValue(tally.ajiOnceLegacy),
    dice: ratioValue(tally.dice),
    ensembleDice: ensembleDiceOf(tally.ensembleDice, tally.truthCount + tally.predictedCount),
    f1: f1Of(tally.f1),
    dq,
    sq,
    pq,
    sbd: smallerOf(bestDiceTruth, bestDicePredicted),
    bestDiceTruth,
    bestDicePredicted,
    countDifference: tally.countDifference,
    absoluteCountDifference: tally.absoluteCountDifference,
  };
}

/** What the CVPPP challenge counts, by its own rules where the policy says so. */
type ChallengeTally = Pick<
  Tally,
  'dice' | 'bestDiceTruth' | 'bestDicePredicted' | 'countDifference' | 'absoluteCountDifference'
>;

function challengeTally(table: OverlapTable, numbering: ScorePolicy['numbering']): ChallengeTally {
  if (numbering === 'objects') {
    return {
      dice: diceRatio(table),
      bestDiceTruth: bestDiceTruthRatio(table),
      bestDicePredicted: bestDicePredictedRatio(table),
      countDifference: countDifference(table),
      absoluteCountDifference: Math.abs(countDifference(table)),
    };
  }
  const { bestDiceTruth, bestDicePredicted, foregroundBackgroundDice } = cvpppSums(table);
  const difference = bestDicePredicted.denominator - bestDiceTruth.denominator;
  return {
    dice: foregroundBackgroundDice,
    bestDiceTruth,
    bestDicePredicted,
    countDifference: difference,
    absoluteCountDifference: Math.abs(difference),
  };
}

function bestDiceScores(tally: Tally): [truth: number | null, predicted: number | null] {
  const { bestDiceTruth, bestDicePredicted, numbering } = tally;
  // The challenge has no undefined value: whatever has no labels scores 0.
  if (numbering === 'cvppp-strict') return [ratioValue(bestDiceTruth) ?? 0, ratioValue(bestDicePredicted) ?? 0];
  return [bestDiceOf(bestDiceTruth, tally.predictedCount), bestDiceOf(bestDicePredicted, tally.truthCount)];
}
