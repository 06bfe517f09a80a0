import { type LabelMap, type RankedIds, rankIds, ShapeError } from '@pffnet/structures';
import { PairCounts } from './pair-counts.ts';

/**
 * Who covers whom in a pair of label maps: everything that a metric needs, from one pass over the pixels.
 *
 * Objects are addressed by index, in ascending order of their ids, so gaps in the numbering cost nothing. An overlapping
 * pair is one entry of `pairPrediction` and `pairArea`; the pairs of truth t are entries `pairStart[t]` to
 * `pairStart[t + 1]`, in ascending order of prediction. Pairs that share no pixel are not stored.
 */
export interface OverlapTable {
  /** Pixels in each of the two maps. */
  readonly pixelCount: number;
  /** [truthCount] ids of the true objects, ascending. */
  readonly truthIds: Uint32Array;
  /** [predictedCount] ids of the predicted objects, ascending. */
  readonly predictedIds: Uint32Array;
  /** [truthCount] pixels of each true object. */
  readonly truthAreas: Uint32Array;
  /** [predictedCount] pixels of each predicted object. */
  readonly predictedAreas: Uint32Array;
  /** [truthCount + 1] where the pairs of each true object begin. */
  readonly pairStart: Uint32Array;
  /** [pairCount] index of the predicted object. */
  readonly pairPrediction: Uint32Array;
  /** [pairCount] pixels that the two objects share, at least 1. */
  readonly pairArea: Uint32Array;
}

/**
 * Counts the shared pixels of every overlapping pair of objects.
 * @param prediction - predicted objects, 0 is background; any 32-bit ids.
 * @param truth - true objects, same size.
 * @throws ShapeError if the two maps differ in size.
 */
export function overlapTable(prediction: LabelMap, truth: LabelMap): OverlapTable {
  if (prediction.height !== truth.height || prediction.width !== truth.width) {
    throw new ShapeError(
      `overlapTable: expected two maps of one size, got a prediction of ${sizeOf(prediction)} and a truth of ${sizeOf(truth)} pixels (height x width)`,
    );
  }
  for (const [role, { height, width, data }] of Object.entries({ prediction, truth })) {
    if (data.length !== height * width) {
      throw new ShapeError(
        `overlapTable: expected ${height} x ${width} = ${height * width} ids in the ${role}, got ${data.length}`,
      );
    }
  }
  const predictions = rankIds(prediction);
  const truths = rankIds(truth);
  return {
    pixelCount: truth.data.length,
    truthIds: truths.ids,
    predictedIds: predictions.ids,
    ...sortedPairs(countOverlaps(truths, predictions), truths.ids.length, predictions.ids.length),
  };
}

/** `height x width` of a map, for messages. */
export function sizeOf({ height, width }: LabelMap): string {
  return `${height} x ${width}`;
}

interface Overlaps {
  readonly truthAreas: Uint32Array;
  readonly predictedAreas: Uint32Array;
  readonly pairs: PairCounts;
}

/** Adds up areas and pairs, run by run: ids are constant along most of a row. */
function countOverlaps(truths: RankedIds, predictions: RankedIds): Overlaps {
  const truthAreas = new Uint32Array(truths.ids.length);
  const predictedAreas = new Uint32Array(predictions.ids.length);
  const pairs = new PairCounts(truthAreas.length, predictedAreas.length);
  const { data: truthData, rank: truthRank } = truths;
  const { data: predictedData, rank: predictedRank } = predictions;
  const pixelCount = truthData.length;
  for (let start = 0; start < pixelCount;) {
    const inTruth = truthData[start];
    const inPrediction = predictedData[start];
    let end = start + 1;
    while (end < pixelCount && truthData[end] === inTruth && predictedData[end] === inPrediction) end++;
    const t = truthRank[inTruth] - 1;
    const p = predictedRank[inPrediction] - 1;
    if (t >= 0) truthAreas[t] += end - start;
    if (p >= 0) predictedAreas[p] += end - start;
    if (t >= 0 && p >= 0) pairs.add(t, p, end - start);
    start = end;
  }
  return { truthAreas, predictedAreas, pairs };
}

/** Puts the pairs of each true object together, in ascending order of prediction. */
function sortedPairs(
  { truthAreas, predictedAreas, pairs }: Overlaps,
  truthCount: number,
  predictedCount: number,
): Pick<OverlapTable, 'truthAreas' | 'predictedAreas' | 'pairStart' | 'pairPrediction' | 'pairArea'> {
  const { count, truth, predicted, area } = pairs;
  const byPrediction = startsOf(predicted, count, predictedCount);
  const order = new Uint32Array(count);
  for (let pair = 0; pair < count; pair++) order[byPrediction[predicted[pair]]++] = pair;
  const pairStart = startsOf(truth, count, truthCount);
  const next = pairStart.slice();
  const pairPrediction = new Uint32Array(count);
  const pairArea = new Uint32Array(count);
  for (const pair of order) {
    const place = next[truth[pair]]++;
    pairPrediction[place] = predicted[pair];
    pairArea[place] = area[pair];
  }
  return { truthAreas, predictedAreas, pairStart, pairPrediction, pairArea };
}

/** Where the entries of each key begin when they are sorted by key; one more for the end. */
function startsOf(keys: Uint32Array, count: number, keyCount: number): Uint32Array {
  const starts = new Uint32Array(keyCount + 1);
  for (let at = 0; at < count; at++) starts[keys[at] + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  return starts;
}
