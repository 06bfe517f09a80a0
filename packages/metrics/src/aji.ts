import { matchObjects } from './match-objects.ts';
import type { OverlapTable } from './overlap-table.ts';
import { type Ratio, ratioValue } from './ratio.ts';

/**
 * Aggregated Jaccard index in which one prediction may serve several true objects.
 *
 * `sum_i |G_i ∩ P_i| / (sum_i |G_i ∪ P_i| + sum of the predictions that no G_i chose)`, where P_i is the prediction of
 * largest IoU with G_i; a true object that nothing overlaps adds |G_i| to the denominator.
 * @returns 0..1, or null when both maps are empty.
 * @remarks Source: Kumar et al. 2017; the same numbers as HoVer-Net's `get_fast_aji` on renumbered maps, including its
 * choice among equal IoUs (larger union, then smaller id). Renumbering objects can matter only at such ties.
 */
export function aji(table: OverlapTable): number | null {
  return ratioValue(ajiRatio(table));
}

/** {@link aji} before its division: intersection over union, in pixels. */
export function ajiRatio(table: OverlapTable): Ratio {
  const chosen = new Int32Array(table.truthIds.length).fill(-1);
  forEachTruth(table, (truth, begin, end) => {
    let best = 0;
    for (let pair = begin; pair < end; pair++) {
      const iou = offsetIou(table.pairArea[pair], unionOf(table, truth, pair));
      if (iou > best) [best, chosen[truth]] = [iou, pair];
    }
  });
  return aggregate(table, chosen);
}

/**
 * Aggregated Jaccard index on a one-to-one pairing of largest total IoU.
 *
 * The sums of {@link aji}, with P_i the partner of G_i in the pairing.
 * @returns 0..1, or null when both maps are empty.
 * @remarks Source: AJI+ of Graham et al. 2019 (HoVer-Net, `get_fast_aji_plus`).
 */
export function ajiPlus(table: OverlapTable): number | null {
  return ratioValue(ajiPlusRatio(table));
}

/** {@link ajiPlus} before its division. */
export function ajiPlusRatio(table: OverlapTable): Ratio {
  return aggregate(table, matchObjects(table, offsetIou));
}

/**
 * Aggregated Jaccard index in which each prediction is used once: the paper's definition.
 *
 * True objects choose in ascending order of their ids, each the unused prediction of largest IoU (the smaller id among
 * equals); one that overlaps no unused prediction adds |G_i| to the denominator.
 * @returns 0..1, or null when both maps are empty. It depends on the order of the true ids by definition.
 * @remarks Source: Eq. 7 and 8 of the paper.
 */
export function ajiOnce(table: OverlapTable): number | null {
  return ratioValue(ajiOnceRatio(table));
}

/** {@link ajiOnce} before its division. */
export function ajiOnceRatio(table: OverlapTable): Ratio {
  const chosen = new Int32Array(table.truthIds.length).fill(-1);
  const used = new Uint8Array(table.predictedIds.length);
  forEachTruth(table, (truth, begin, end) => {
    chosen[truth] = bestUnused(table, truth, begin, end, used);
    if (chosen[truth] >= 0) used[table.pairPrediction[chosen[truth]]] = 1;
  });
  return aggregate(table, chosen);
}

/** How `ajiOnceLegacy` reads ids: renumbered 1..n first, or with every gap counted as an object without pixels. */
export type LegacyNumbering = 'contiguous' | 'as-given';

/**
 * Aggregated Jaccard index as the released evaluator computes it; the paper's tables were made with it.
 *
 * {@link ajiOnce} with one quirk: a true object that overlaps no unused prediction takes prediction 1, which then counts
 * as false and is lost to the true object that it belongs to.
 * @param numbering - the release loops over 1..max: on `as-given` ids an absent true id takes prediction 1 as well if all
 * predictions are still unused and numbered without gaps, and an absent prediction 1 may be taken in place of an object.
 * @returns 0..1, or null when both maps are empty. 0 when only one is (the release raises without predictions).
 * @remarks Source: `inference/metrics.py` of the authors' release, behaviour only.
 */
export function ajiOnceLegacy(table: OverlapTable, numbering: LegacyNumbering = 'contiguous'): number | null {
  return ratioValue(ajiOnceLegacyRatio(table, numbering));
}

/** {@link ajiOnceLegacy} before its division. */
export function ajiOnceLegacyRatio(table: OverlapTable, numbering: LegacyNumbering = 'contiguous'): Ratio {
  const { truthIds, predictedIds, truthAreas, predictedAreas } = table;
  const used = new Uint8Array(predictedIds.length);
  // Prediction 1 by position, or by its number; in the second case it may not exist.
  const first = predictedIds.length > 0 && (numbering === 'contiguous' || predictedIds[0] === 1) ? 0 : -1;
  let numerator = 0;
  let denominator = 0;
  const takeFirst = (): void => {
    if (first < 0 || used[first] === 1) return;
    used[first] = 1;
    denominator += predictedAreas[first];
  };
  const withoutGaps = predictedIds.length > 0 && predictedIds[predictedIds.length - 1] === predictedIds.length;
  // Only a gap before the first true object can take a prediction: 0 / 0 is what the release prefers afterwards.
  if (numbering === 'as-given' && withoutGaps && truthIds.length > 0 && truthIds[0] > 1) takeFirst();
  forEachTruth(table, (truth, begin, end) => {
    const pair = bestUnused(table, truth, begin, end, used);
    if (pair < 0) {
      denominator += truthAreas[truth];
      takeFirst();
      return;
    }
    used[table.pairPrediction[pair]] = 1;
    numerator += table.pairArea[pair];
    denominator += unionOf(table, truth, pair);
  });
  for (let prediction = 0; prediction < used.length; prediction++) {
    if (used[prediction] === 0) denominator += predictedAreas[prediction];
  }
  return { numerator, denominator };
}

/** HoVer-Net divides by (union + 1e-6) where it compares IoUs, so that the larger of two unions wins a tie. */
function offsetIou(intersection: number, union: number): number {
  return intersection / (union + 1e-6);
}

function unionOf({ truthAreas, predictedAreas, pairPrediction, pairArea }: OverlapTable, truth: number, pair: number) {
  return truthAreas[truth] + predictedAreas[pairPrediction[pair]] - pairArea[pair];
}

function forEachTruth(
  { truthIds, pairStart }: OverlapTable,
  visit: (truth: number, begin: number, end: number) => void,
): void {
  for (let truth = 0; truth < truthIds.length; truth++) visit(truth, pairStart[truth], pairStart[truth + 1]);
}

/** The pair of largest IoU among those whose prediction is unused, or -1. */
function bestUnused(table: OverlapTable, truth: number, begin: number, end: number, used: Uint8Array): number {
  let best = 0;
  let chosen = -1;
  for (let pair = begin; pair < end; pair++) {
    if (used[table.pairPrediction[pair]] === 1) continue;
    const iou = table.pairArea[pair] / unionOf(table, truth, pair);
    if (iou > best) [best, chosen] = [iou, pair];
  }
  return chosen;
}

/** Adds up a choice of pairs: [truthCount] index of a pair, or -1 for a true object that stays alone. */
function aggregate(table: OverlapTable, chosen: Int32Array): Ratio {
  const used = new Uint8Array(table.predictedIds.length);
  let numerator = 0;
  let denominator = 0;
  for (let truth = 0; truth < chosen.length; truth++) {
    const pair = chosen[truth];
    if (pair < 0) {
      denominator += table.truthAreas[truth];
      continue;
    }
    used[table.pairPrediction[pair]] = 1;
    numerator += table.pairArea[pair];
    denominator += unionOf(table, truth, pair);
  }
  for (let prediction = 0; prediction < used.length; prediction++) {
    if (used[prediction] === 0) denominator += table.predictedAreas[prediction];
  }
  return { numerator, denominator };
}
