import type { OverlapTable } from './overlap-table.ts';
import { type Ratio, ratioValue } from './ratio.ts';

/**
 * Dice score of foreground against background, whatever the objects.
 *
 * `2 |P ∩ G| / (|P| + |G|)` in pixels with an id other than 0.
 * @returns 0..1, or null when both maps are empty.
 * @remarks Source: Eq. 11 of the paper; HoVer-Net's `get_dice_1`, the pixel F1 of the authors' release.
 */
export function dice(table: OverlapTable): number | null {
  return ratioValue(diceRatio(table));
}

/** {@link dice} before its division. */
export function diceRatio({ truthAreas, predictedAreas, pairArea }: OverlapTable): Ratio {
  return { numerator: 2 * sum(pairArea), denominator: sum(truthAreas) + sum(predictedAreas) };
}

/**
 * Dice score added up over all overlapping pairs ("DICE2", ensemble Dice): an object counts once per partner.
 *
 * `sum 2 |P_j ∩ G_i| / sum (|P_j| + |G_i|)` over the pairs that share pixels.
 * @returns 0..1; 0 when objects exist but none overlap, null when both maps are empty.
 * @remarks Source: Vu et al. 2019 (MICCAI 2018 nuclei challenge); HoVer-Net's `get_fast_dice_2`, which raises where ours
 * is 0 or null. Objects that overlap nothing do not count: read it beside a score that sees them.
 */
export function ensembleDice(table: OverlapTable): number | null {
  return ensembleDiceOf(ensembleDiceRatio(table), table.truthIds.length + table.predictedIds.length);
}

/** The quotient; without any overlapping pair 0 if there are objects, else null. */
export function ensembleDiceOf(ratio: Ratio, objectCount: number): number | null {
  return ratioValue(ratio) ?? (objectCount > 0 ? 0 : null);
}

/** {@link ensembleDice} before its division. */
export function ensembleDiceRatio({
  truthAreas,
  predictedAreas,
  pairStart,
  pairPrediction,
  pairArea,
}: OverlapTable): Ratio {
  let areas = 0;
  for (let truth = 0; truth < truthAreas.length; truth++) {
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      areas += truthAreas[truth] + predictedAreas[pairPrediction[pair]];
    }
  }
  return { numerator: 2 * sum(pairArea), denominator: areas };
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
