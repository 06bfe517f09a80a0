import type { OverlapTable } from './overlap-table.ts';
import { ratioValue } from './ratio.ts';

/** Objects found, invented and missed. */
export interface DetectionCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/**
 * F1 score of detection: an object is found when a prediction covers more than half of it.
 *
 * `2 TP / (2 TP + FP + FN)`.
 * @returns 0..1, or null when both maps are empty.
 * @remarks Source: Eq. 9 of the paper with the GlaS rule (Sirinukunwattana et al. 2017): the covered share of the true
 * object counts, not the IoU. See {@link objectF1Counts} for the pairing. Not in the authors' release.
 */
export function objectF1(table: OverlapTable): number | null {
  return f1Of(objectF1Counts(table));
}

/**
 * The counts behind {@link objectF1}.
 *
 * A prediction belongs to the true object with which it shares most pixels (the smaller one among equals); a true object
 * is found when a prediction that belongs to it covers more than half of its area. At most one can, and a prediction over
 * many objects finds at most one.
 */
export function objectF1Counts(table: OverlapTable): DetectionCounts {
  const { truthAreas, predictedAreas, pairStart, pairPrediction, pairArea } = table;
  const owner = new Int32Array(predictedAreas.length).fill(-1);
  const shared = new Uint32Array(predictedAreas.length);
  for (let truth = 0; truth < truthAreas.length; truth++) {
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      const prediction = pairPrediction[pair];
      const larger = pairArea[pair] > shared[prediction];
      const asLarge = pairArea[pair] === shared[prediction];
      if (larger || (asLarge && truthAreas[truth] < truthAreas[owner[prediction]])) {
        owner[prediction] = truth;
        shared[prediction] = pairArea[pair];
      }
    }
  }
  let truePositives = 0;
  for (let prediction = 0; prediction < owner.length; prediction++) {
    if (owner[prediction] >= 0 && 2 * shared[prediction] > truthAreas[owner[prediction]]) truePositives++;
  }
  return {
    truePositives,
    falsePositives: predictedAreas.length - truePositives,
    falseNegatives: truthAreas.length - truePositives,
  };
}

/** `2 TP / (2 TP + FP + FN)`, or null without any object. */
export function f1Of({ truePositives, falsePositives, falseNegatives }: DetectionCounts): number | null {
  return ratioValue({ numerator: 2 * truePositives, denominator: 2 * truePositives + falsePositives + falseNegatives });
}
