import { type LabelMap, ShapeError } from '@pffnet/structures';

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
  const counted = countPairs(prediction.data, truth.data);
  const truths = indexIds(counted.truth);
  const predictions = indexIds(counted.predicted);
  const truthAreas = new Uint32Array(truths.ids.length);
  const predictedAreas = new Uint32Array(predictions.ids.length);
  const pairStart = new Uint32Array(truths.ids.length + 1);
  for (let pair = 0; pair < counted.area.length; pair++) {
    const t = truths.indexOf[pair];
    const p = predictions.indexOf[pair];
    if (t >= 0) truthAreas[t] += counted.area[pair];
    if (p >= 0) predictedAreas[p] += counted.area[pair];
    if (t >= 0 && p >= 0) pairStart[t + 1]++;
  }
  for (let t = 0; t < truths.ids.length; t++) pairStart[t + 1] += pairStart[t];
  const pairPrediction = new Uint32Array(pairStart[truths.ids.length]);
  const pairArea = new Uint32Array(pairPrediction.length);
  const next = pairStart.slice();
  for (const pair of predictions.order) {
    const t = truths.indexOf[pair];
    if (t < 0 || predictions.indexOf[pair] < 0) continue;
    pairPrediction[next[t]] = predictions.indexOf[pair];
    pairArea[next[t]++] = counted.area[pair];
  }
  return {
    pixelCount: truth.data.length,
    truthIds: truths.ids,
    predictedIds: predictions.ids,
    truthAreas,
    predictedAreas,
    pairStart,
    pairPrediction,
    pairArea,
  };
}

/** `height x width` of a map, for messages. */
export function sizeOf({ height, width }: LabelMap): string {
  return `${height} x ${width}`;
}

interface CountedPairs {
  readonly truth: Uint32Array;
  readonly predicted: Uint32Array;
  readonly area: Uint32Array;
}

/**
 * All distinct (truth, prediction) ids except (0, 0), in order of appearance. Ids are constant along most of a row, so
 * the hash table (open addressing, linear probing) is asked once per run of equal pairs, not once per pixel.
 */
function countPairs(predictedIds: Uint32Array, truthIds: Uint32Array): CountedPairs {
  let slots = new Int32Array(1 << 12); // index of a pair + 1, or 0
  let mask = slots.length - 1;
  let truth = new Uint32Array(slots.length / 2);
  let predicted = new Uint32Array(truth.length);
  let area = new Uint32Array(truth.length);
  let pairCount = 0;

  const grow = (): void => {
    truth = extended(truth);
    predicted = extended(predicted);
    area = extended(area);
    slots = new Int32Array(slots.length * 2);
    mask = slots.length - 1;
    for (let pair = 0; pair < pairCount; pair++) {
      let slot = hashOf(truth[pair], predicted[pair]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
  };
  const add = (t: number, p: number, pixels: number): void => {
    let slot = hashOf(t, p) & mask;
    for (;;) {
      const pair = slots[slot] - 1;
      if (pair < 0) break;
      if (truth[pair] === t && predicted[pair] === p) {
        area[pair] += pixels;
        return;
      }
      slot = (slot + 1) & mask;
    }
    truth[pairCount] = t;
    predicted[pairCount] = p;
    area[pairCount] = pixels;
    slots[slot] = ++pairCount;
    if (pairCount === truth.length) grow();
  };

  const pixelCount = truthIds.length;
  for (let start = 0; start < pixelCount;) {
    const t = truthIds[start];
    const p = predictedIds[start];
    let end = start + 1;
    while (end < pixelCount && truthIds[end] === t && predictedIds[end] === p) end++;
    if (t !== 0 || p !== 0) add(t, p, end - start);
    start = end;
  }
  return {
    truth: truth.subarray(0, pairCount),
    predicted: predicted.subarray(0, pairCount),
    area: area.subarray(0, pairCount),
  };
}

function extended(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(values.length * 2);
  longer.set(values);
  return longer;
}

function hashOf(t: number, p: number): number {
  let hash = Math.imul(t, 0x9e3779b1) ^ Math.imul(p, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/**
 * Ranks the ids of one side of the pairs.
 * @returns the distinct ids without 0, ascending; per pair the index of its id there (-1 for background); and the pairs
 * in ascending order of that id.
 */
function indexIds(idOfPair: Uint32Array): { ids: Uint32Array; indexOf: Int32Array; order: Uint32Array } {
  const ids = idOfPair.slice().sort();
  let count = 0;
  for (let at = 0; at < ids.length; at++) {
    if (ids[at] !== 0 && (count === 0 || ids[at] !== ids[count - 1])) ids[count++] = ids[at];
  }
  const distinct = ids.slice(0, count);
  const indexOf = new Int32Array(idOfPair.length);
  const start = new Uint32Array(count + 2); // background first
  for (let pair = 0; pair < idOfPair.length; pair++) {
    indexOf[pair] = idOfPair[pair] === 0 ? -1 : position(distinct, idOfPair[pair]);
    start[indexOf[pair] + 2]++;
  }
  for (let at = 1; at < start.length; at++) start[at] += start[at - 1];
  const order = new Uint32Array(idOfPair.length);
  for (let pair = 0; pair < idOfPair.length; pair++) order[start[indexOf[pair] + 1]++] = pair;
  return { ids: distinct, indexOf, order };
}

/** Where a value lies in an ascending array that holds it. */
function position(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
