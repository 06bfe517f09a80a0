import { bestDiceSums } from './best-dice.ts';
import type { OverlapTable } from './overlap-table.ts';
import { type Ratio, ratioValue } from './ratio.ts';

/** The scores of the leaf segmentation challenge, by the challenge's own rules. */
export interface CvpppScores {
  /** BD(truth, prediction): mean over the true labels. */
  readonly bestDiceTruth: number;
  /** BD(prediction, truth): mean over the predicted labels. */
  readonly bestDicePredicted: number;
  /** Symmetric best Dice, the smaller of the two. */
  readonly sbd: number;
  /** Dice score of foreground and background; null when neither map has foreground. */
  readonly foregroundBackgroundDice: number | null;
  /** Predicted labels minus true labels (DiC). */
  readonly countDifference: number;
  /** |DiC|. */
  readonly absoluteCountDifference: number;
}

/** Sums behind {@link cvpppStrict}, to be added up over images. */
export interface CvpppSums {
  readonly bestDiceTruth: Ratio;
  readonly bestDicePredicted: Ratio;
  readonly foregroundBackgroundDice: Ratio;
}

/**
 * Scores a pair as the CVPPP evaluation does, with its quirks.
 *
 * Background is the smallest label of a map, so a map without background pixels loses its first object; labels are
 * counted as `max - min`, so every gap in the numbering is an object with score 0. A map with a single label scores 0.
 * @remarks Source: Scharr et al. 2016 and the challenge's evaluation scripts, behaviour only. There FGBGDice of two empty
 * maps is NaN (null here) and maps of different size give DiC = -1 (an error here).
 */
export function cvpppStrict(table: OverlapTable): CvpppScores {
  const sums = cvpppSums(table);
  const bestDiceTruth = ratioValue(sums.bestDiceTruth) ?? 0;
  const bestDicePredicted = ratioValue(sums.bestDicePredicted) ?? 0;
  const difference = sums.bestDicePredicted.denominator - sums.bestDiceTruth.denominator;
  return {
    bestDiceTruth,
    bestDicePredicted,
    sbd: Math.min(bestDiceTruth, bestDicePredicted),
    foregroundBackgroundDice: ratioValue(sums.foregroundBackgroundDice),
    countDifference: difference,
    absoluteCountDifference: Math.abs(difference),
  };
}

/** The ratios of {@link cvpppStrict} before their division; the denominators of best Dice are the counted labels. */
export function cvpppSums(table: OverlapTable): CvpppSums {
  const { truthIds, predictedIds, truthAreas, predictedAreas, pairStart, pairPrediction, pairArea, pixelCount } = table;
  const truth = labelRange(truthIds, truthAreas, pixelCount);
  const predicted = labelRange(predictedIds, predictedAreas, pixelCount);
  let shared = 0;
  for (let t = truth.first; t < truthIds.length; t++) {
    for (let pair = pairStart[t]; pair < pairStart[t + 1]; pair++) {
      if (pairPrediction[pair] >= predicted.first) shared += pairArea[pair];
    }
  }
  const best = bestDiceSums(table, truth.first, predicted.first);
  return {
    bestDiceTruth: { numerator: best.truth, denominator: truth.count },
    bestDicePredicted: { numerator: best.predicted, denominator: predicted.count },
    foregroundBackgroundDice: { numerator: 2 * shared, denominator: truth.foreground + predicted.foreground },
  };
}

/** What the challenge takes for objects: the index of the first, how many labels it counts, and their pixels. */
function labelRange(
  ids: Uint32Array,
  areas: Uint32Array,
  pixelCount: number,
): { first: number; count: number; foreground: number } {
  let foreground = 0;
  for (const area of areas) foreground += area;
  if (ids.length === 0) return { first: 0, count: 0, foreground };
  const largest = ids[ids.length - 1];
  if (foreground < pixelCount) return { first: 0, count: largest, foreground };
  return { first: 1, count: largest - ids[0], foreground: foreground - areas[0] };
}
