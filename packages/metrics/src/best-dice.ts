import type { OverlapTable } from './overlap-table.ts';
import { type Ratio, ratioValue } from './ratio.ts';

/**
 * Mean over the true objects of the best Dice score that any prediction reaches with it.
 *
 * `1 / N sum_i max_j 2 |G_i ∩ P_j| / (|G_i| + |P_j|)`.
 * @returns 0..1; 0 when one of the maps is empty, null when both are.
 * @remarks Source: Eq. 13 of the paper as BD(T, P) (Scharr et al. 2016).
 */
export function bestDiceTruth(table: OverlapTable): number | null {
  return bestDiceOf(bestDiceTruthRatio(table), table.predictedIds.length);
}

/** {@link bestDiceTruth} before its division. */
export function bestDiceTruthRatio(table: OverlapTable): Ratio {
  return { numerator: bestDiceSums(table).truth, denominator: table.truthIds.length };
}

/**
 * Mean over the predictions of the best Dice score that any true object reaches with it.
 * @returns 0..1; 0 when one of the maps is empty, null when both are.
 * @remarks Source: Eq. 13 as BD(P, T). The authors' evaluator computes only this one and Table VI calls it SBD.
 */
export function bestDicePredicted(table: OverlapTable): number | null {
  return bestDiceOf(bestDicePredictedRatio(table), table.truthIds.length);
}

/** {@link bestDicePredicted} before its division. */
export function bestDicePredictedRatio(table: OverlapTable): Ratio {
  return { numerator: bestDiceSums(table).predicted, denominator: table.predictedIds.length };
}

/**
 * Symmetric best Dice: the smaller of {@link bestDiceTruth} and {@link bestDicePredicted}.
 * @returns 0..1; 0 when one of the maps is empty, null when both are.
 * @remarks Source: Eq. 12 of the paper (Scharr et al. 2016). 0 is background here and gaps between ids cost nothing; for
 * the challenge's own numbers see {@link cvpppStrict}.
 */
export function symmetricBestDice(table: OverlapTable): number | null {
  return smallerOf(bestDiceTruth(table), bestDicePredicted(table));
}

/** Predicted objects minus true objects (DiC). Its absolute value is the challenge's |DiC|. */
export function countDifference({ predictedIds, truthIds }: OverlapTable): number {
  return predictedIds.length - truthIds.length;
}

/** The quotient; without objects on this side 0 if the other side has some, else null. */
export function bestDiceOf(ratio: Ratio, othersCount: number): number | null {
  return ratioValue(ratio) ?? (othersCount > 0 ? 0 : null);
}

/** The smaller of two scores; null if either is. */
export function smallerOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}

/** Sums over objects of their best Dice score, leaving out the truths and predictions before the given indices. */
export function bestDiceSums(
  { truthAreas, predictedAreas, pairStart, pairPrediction, pairArea }: OverlapTable,
  firstTruth = 0,
  firstPrediction = 0,
): { truth: number; predicted: number } {
  const bestOfPrediction = new Float64Array(predictedAreas.length);
  let truthSum = 0;
  for (let truth = firstTruth; truth < truthAreas.length; truth++) {
    let best = 0;
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      const prediction = pairPrediction[pair];
      if (prediction < firstPrediction) continue;
      const score = (2 * pairArea[pair]) / (truthAreas[truth] + predictedAreas[prediction]);
      if (score > best) best = score;
      if (score > bestOfPrediction[prediction]) bestOfPrediction[prediction] = score;
    }
    truthSum += best;
  }
  let predictedSum = 0;
  for (const best of bestOfPrediction) predictedSum += best;
  return { truth: truthSum, predicted: predictedSum };
}
