import type { OverlapTable } from './overlap-table.ts';

/**
 * How well each predicted object fits: its largest IoU with any true one.
 * @returns [predictedCount] 0..1, by index of the prediction; 0 where it touches no true object.
 */
export function bestIou({
  truthIds,
  truthAreas,
  predictedIds,
  predictedAreas,
  pairStart,
  pairPrediction,
  pairArea,
}: OverlapTable): Float64Array {
  const best = new Float64Array(predictedIds.length);
  for (let t = 0; t < truthIds.length; t++) {
    for (let pair = pairStart[t]; pair < pairStart[t + 1]; pair++) {
      const p = pairPrediction[pair];
      best[p] = Math.max(best[p], pairArea[pair] / (truthAreas[t] + predictedAreas[p] - pairArea[pair]));
    }
  }
  return best;
}
