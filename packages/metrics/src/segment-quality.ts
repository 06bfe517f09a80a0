import type { LabelMap } from '@pffnet/structures';
import { overlapTable } from './overlap-table.ts';
import { type PanopticCounts, type PanopticQuality, panopticQualityOf } from './panoptic-quality.ts';

/** A panoptic segmentation: every pixel belongs to one segment, or to none (0, void). */
export interface Segments {
  readonly map: LabelMap;
  /** The class of each segment, by its id in the map: things have one segment per object, stuff one per image. */
  readonly classOf: ReadonlyMap<number, number>;
}

/**
 * Counts matches of a panoptic segmentation, class by class, by COCO's rule: segments match when they have one class and an
 * IoU above 1/2, where pixels of the prediction that the truth leaves void are in no union; a segment of the prediction
 * that matches none is false, unless more than half of it is void in the truth. Add up the counts of many images.
 * @returns counts by class, of every class that either has.
 * @throws ShapeError if the maps differ in size.
 * @remarks Source: Kirillov et al. 2019 ("Panoptic segmentation"), Section 4.1; sources.md row 54.
 */
export function segmentCounts(prediction: Segments, truth: Segments): Map<number, PanopticCounts> {
  const table = overlapTable(prediction.map, truth.map);
  const { truthIds, predictedIds, truthAreas, predictedAreas, pairStart, pairPrediction, pairArea } = table;
  const voidArea = Float64Array.from(predictedAreas);
  pairPrediction.forEach((predicted, pair) => (voidArea[predicted] -= pairArea[pair]));
  const counts = new Map<number, { -readonly [K in keyof PanopticCounts]: PanopticCounts[K] }>();
  const of = (segments: Segments, id: number): { -readonly [K in keyof PanopticCounts]: PanopticCounts[K] } => {
    const key = segments.classOf.get(id) ?? NaN;
    const known = counts.get(key) ?? { truePositives: 0, falsePositives: 0, falseNegatives: 0, iouSum: 0 };
    counts.set(key, known);
    return known;
  };
  const matched = new Set<number>();
  truthIds.forEach((id, index) => {
    const own = of(truth, id);
    for (let pair = pairStart[index]; pair < pairStart[index + 1]; pair++) {
      const predicted = pairPrediction[pair];
      if (prediction.classOf.get(predictedIds[predicted]) !== truth.classOf.get(id)) continue;
      const union = truthAreas[index] + predictedAreas[predicted] - pairArea[pair] - voidArea[predicted];
      if (pairArea[pair] * 2 <= union) continue;
      matched.add(predicted);
      own.truePositives++;
      own.iouSum += pairArea[pair] / union;
      return;
    }
    own.falseNegatives++;
  });
  predictedIds.forEach((id, index) => {
    if (!matched.has(index) && voidArea[index] * 2 <= predictedAreas[index]) of(prediction, id).falsePositives++;
  });
  return counts;
}

/**
 * Panoptic quality over things and stuff: the mean over classes of each class's PQ.
 * @param counts - by class, of one image or added up over many ({@link segmentCounts}).
 * @returns each class's qualities, and the mean of their PQ; null without any class.
 */
export function segmentQuality(counts: ReadonlyMap<number, PanopticCounts>): {
  readonly byClass: ReadonlyMap<number, PanopticQuality>;
  readonly pq: number | null;
} {
  const byClass = new Map([...counts].map(([key, of]) => [key, panopticQualityOf(of)] as const));
  const known = [...byClass.values()].flatMap(({ pq }) => (pq === null ? [] : [pq]));
  return { byClass, pq: known.length === 0 ? null : known.reduce((sum, pq) => sum + pq, 0) / known.length };
}
