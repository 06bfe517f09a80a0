import { type Segments, ShapeError } from '@pffnet/structures';
import { overlapTable } from './overlap-table.ts';
import { type PanopticCounts, type PanopticQuality, panopticQualityOf } from './panoptic-quality.ts';

/** Counts of matches by class. */
export type SegmentCounts = ReadonlyMap<number, PanopticCounts>;

/** Means over classes, each of which weighs the same. */
export interface MeanQuality {
  /** Null without any class. */
  readonly pq: number | null;
  readonly sq: number | null;
  readonly dq: number | null;
  /** Classes that either has: the others have no quality. */
  readonly classes: number;
}

/** Panoptic quality over things, over stuff, and over both. */
export interface SegmentQuality {
  readonly byClass: ReadonlyMap<number, PanopticQuality>;
  readonly all: MeanQuality;
  readonly things: MeanQuality;
  readonly stuff: MeanQuality;
}

/**
 * Counts matches of a panoptic segmentation, class by class, by COCO's rule: segments match when they have one class and an
 * IoU above 1/2, where pixels of the prediction that the truth leaves void are in no union; a segment of the prediction
 * that matches none is false, unless more than half of it is void in the truth or in crowds of its class. Crowds of the
 * truth match nothing and are not missed.
 * @returns counts by class, of every class that either has, but for crowds.
 * @throws ShapeError if the maps differ in size, or a segment has no class.
 * @remarks Source: Kirillov et al. 2019 ("Panoptic segmentation"), Section 4.1; sources.md row 54.
 */
export function segmentCounts(prediction: Segments, truth: Segments): SegmentCounts {
  const table = overlapTable(prediction.map, truth.map);
  const { truthIds, predictedIds, truthAreas, predictedAreas, pairStart, pairPrediction, pairArea } = table;
  const voidArea = Float64Array.from(predictedAreas);
  pairPrediction.forEach((predicted, pair) => (voidArea[predicted] -= pairArea[pair]));
  const crowdArea = new Float64Array(predictedIds.length);
  const counts = new Map<number, Counting>();
  const matched = new Set<number>();
  truthIds.forEach((id, index) => {
    const key = classIn(truth, id, 'truth');
    const crowd = truth.crowds?.has(id) === true;
    let missed = !crowd;
    for (let pair = pairStart[index]; pair < pairStart[index + 1]; pair++) {
      const predicted = pairPrediction[pair];
      if (classIn(prediction, predictedIds[predicted], 'prediction') !== key) continue;
      if (crowd) crowdArea[predicted] += pairArea[pair];
      const union = truthAreas[index] + predictedAreas[predicted] - pairArea[pair] - voidArea[predicted];
      if (crowd || pairArea[pair] * 2 <= union) continue;
      missed = false;
      matched.add(predicted);
      count(counts, key, { truePositives: 1, iouSum: pairArea[pair] / union });
    }
    if (missed) count(counts, key, { falseNegatives: 1 });
  });
  predictedIds.forEach((id, index) => {
    const key = classIn(prediction, id, 'prediction');
    const ignored = (voidArea[index] + crowdArea[index]) * 2 > predictedAreas[index];
    if (!matched.has(index) && !ignored) count(counts, key, { falsePositives: 1 });
  });
  return counts;
}

type Counting = { -readonly [Key in keyof PanopticCounts]: PanopticCounts[Key] };

function count(counts: Map<number, Counting>, key: number, more: Partial<PanopticCounts>): void {
  const known = counts.get(key) ?? { truePositives: 0, falsePositives: 0, falseNegatives: 0, iouSum: 0 };
  known.truePositives += more.truePositives ?? 0;
  known.falsePositives += more.falsePositives ?? 0;
  known.falseNegatives += more.falseNegatives ?? 0;
  known.iouSum += more.iouSum ?? 0;
  counts.set(key, known);
}

function classIn({ classOf }: Segments, id: number, role: string): number {
  const known = classOf.get(id);
  if (known === undefined) throw new ShapeError(`segmentCounts: segment ${id} of the ${role} has no class`);
  return known;
}

/** Adds up the counts of several images. */
export function addSegmentCounts(images: readonly SegmentCounts[]): SegmentCounts {
  const total = new Map<number, Counting>();
  for (const counts of images) for (const [key, own] of counts) count(total, key, own);
  return total;
}

/**
 * Panoptic quality over things and stuff: means over classes.
 * @param counts - by class, of one image or added up over many ({@link segmentCounts}).
 * @param isThing - whether a class has countable objects.
 */
export function segmentQuality(counts: SegmentCounts, isThing: (key: number) => boolean): SegmentQuality {
  const byClass = new Map([...counts].map(([key, own]) => [key, panopticQualityOf(own)] as const));
  const known = [...byClass].filter(([, { pq }]) => pq !== null);
  const qualities = (counted: (key: number) => boolean): PanopticQuality[] =>
    known.filter(([key]) => counted(key)).map(([, quality]) => quality);
  return {
    byClass,
    all: meanOf(qualities(() => true)),
    things: meanOf(qualities(isThing)),
    stuff: meanOf(qualities((key) => !isThing(key))),
  };
}

function meanOf(qualities: readonly PanopticQuality[]): MeanQuality {
  const classes = qualities.length;
  const mean = (of: (quality: PanopticQuality) => number | null): number | null =>
    classes === 0 ? null : qualities.reduce((sum, quality) => sum + (of(quality) ?? 0), 0) / classes;
  return { pq: mean(({ pq }) => pq), sq: mean(({ sq }) => sq), dq: mean(({ dq }) => dq), classes };
}
