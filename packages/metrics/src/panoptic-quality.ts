import { ConfigError } from '@pffnet/structures';
import { matchObjects } from './match-objects.ts';
import { type DetectionCounts, f1Of } from './object-f1.ts';
import type { OverlapTable } from './overlap-table.ts';

/** Detection quality, segmentation quality and their product, with the counts that they come from. */
export interface PanopticQuality {
  /** `TP / (TP + FP / 2 + FN / 2)`; null when both maps are empty. */
  readonly dq: number | null;
  /** Mean IoU of the matched pairs; 0 when objects exist and none match; null when both maps are empty. */
  readonly sq: number | null;
  /** `dq * sq`. */
  readonly pq: number | null;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** Sum of the IoU of the matched pairs. */
  readonly iouSum: number;
}

/** What counts as a match. */
export interface PanopticOptions {
  /** A pair matches when its IoU is larger, 0..1; 0.5 by default. */
  readonly iouThreshold?: number;
  /** Added to TP where SQ divides; 0 by default. HoVer-Net's scores have 1e-6, so a perfect map misses 1 by 1e-6 / TP. */
  readonly sqOffset?: number;
}

/** Matched pairs and their IoU. */
export interface PanopticCounts extends DetectionCounts {
  readonly iouSum: number;
}

/**
 * Panoptic quality of one class of objects.
 * @throws ConfigError if the threshold is not within 0..1.
 * @remarks Source: Eq. 10 of the paper (Kirillov et al. 2019). With a threshold of at least 0.5 an object can match only
 * one other. Below, objects are paired one to one for the largest total IoU and pairs at or below the threshold are
 * dropped, as in HoVer-Net's `get_fast_pq`.
 */
export function panopticQuality(
  table: OverlapTable,
  { iouThreshold = 0.5, sqOffset = 0 }: PanopticOptions = {},
): PanopticQuality {
  return panopticQualityOf(panopticCounts(table, iouThreshold), sqOffset);
}

/** Counts matches; see {@link panopticQuality}. */
export function panopticCounts(table: OverlapTable, iouThreshold = 0.5): PanopticCounts {
  const { truthAreas, predictedAreas } = table;
  let truePositives = 0;
  let iouSum = 0;
  for (const [truth, pair] of matchedPairs(table, iouThreshold).entries()) {
    if (pair < 0) continue;
    truePositives++;
    iouSum += pairIou(table, truth, pair);
  }
  return {
    truePositives,
    falsePositives: predictedAreas.length - truePositives,
    falseNegatives: truthAreas.length - truePositives,
    iouSum,
  };
}

/**
 * The prediction that each true object is matched with by {@link panopticQuality}: what its TP, FP and FN are.
 * @returns [truthCount] index of a predicted object, or -1 for a true object that was missed.
 * @throws ConfigError if the threshold is not within 0..1.
 */
export function matchedPredictions(table: OverlapTable, iouThreshold = 0.5): Int32Array {
  return matchedPairs(table, iouThreshold).map((pair) => (pair < 0 ? -1 : table.pairPrediction[pair]));
}

/** [truthCount] index of the matched pair, or -1. */
function matchedPairs(table: OverlapTable, iouThreshold: number): Int32Array {
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
    throw new ConfigError(`panopticQuality: expected an IoU threshold within 0..1, got ${iouThreshold}`);
  }
  const { truthAreas, pairStart } = table;
  const partner = iouThreshold < 0.5 ? matchObjects(table, (shared, union) => shared / union) : undefined;
  const matched = new Int32Array(truthAreas.length).fill(-1);
  for (let truth = 0; truth < truthAreas.length; truth++) {
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      if (pairIou(table, truth, pair) <= iouThreshold || (partner !== undefined && partner[truth] !== pair)) continue;
      matched[truth] = pair;
    }
  }
  return matched;
}

function pairIou(
  { truthAreas, predictedAreas, pairPrediction, pairArea }: OverlapTable,
  truth: number,
  pair: number,
): number {
  return pairArea[pair] / (truthAreas[truth] + predictedAreas[pairPrediction[pair]] - pairArea[pair]);
}

/** Scores from counts, of one image or added up over many. */
export function panopticQualityOf(counts: PanopticCounts, sqOffset = 0): PanopticQuality {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, iouSum } = counts;
  const dq = f1Of(counts);
  const sq = dq === null ? null : tp === 0 ? 0 : iouSum / (tp + sqOffset);
  return { dq, sq, pq: dq === null || sq === null ? null : dq * sq, tp, fp, fn, iouSum };
}
