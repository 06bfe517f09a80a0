import { type Boxes, type Geometry, writeIou } from '@pffnet/structures';

/** The match of a candidate that overlaps no truth enough. */
export const BACKGROUND = -1;

/** The match of a candidate that is neither clearly an object nor clearly background. */
export const IGNORED = -2;

/** When a candidate belongs to a truth. */
export interface MatchRule {
  /** At or above this IoU it does. */
  readonly positiveIou: number;
  /** Below this IoU with every truth it is background. */
  readonly negativeIou: number;
  /** Whether the candidates with the largest IoU of a truth match even below `positiveIou`, all of them on a tie. */
  readonly forceBest: boolean;
}

/**
 * Gives each candidate the truth that it overlaps most.
 * @param candidates - [n * 4], image pixels.
 * @param truth - [m * 4], image pixels; may be empty.
 * @returns [n] index of the truth (the first of equals), -1 for background, -2 for candidates to be left out.
 * @remarks Source: Ren et al. 2015, section 3.1.2. A forced candidate takes the truth that it overlaps most itself, which
 * need not be the one that forced it. Under `legacy` geometry a truth that overlaps nothing forces every candidate that
 * overlaps it by zero, as in the released code; under `continuous` only an overlap above zero forces.
 */
export function matchBoxes(candidates: Boxes, truth: Boxes, rule: MatchRule, geometry: Geometry): Int32Array {
  return matchOverlaps(overlapsOf(candidates, truth, geometry), candidates.length / 4, rule, geometry);
}

/** One truth's row at a time, in one array: thousands of anchors times hundreds of objects need no memory. */
function* overlapsOf(candidates: Boxes, truth: Boxes, geometry: Geometry): Generator<Float32Array> {
  const row = new Float32Array(candidates.length / 4);
  for (let index = 0; index < truth.length / 4; index++) {
    writeIou(truth, index, candidates, geometry, row);
    yield row;
  }
}

/**
 * The rule of {@link matchBoxes} on given overlaps.
 * @param rows - per truth [n] overlaps with the candidates, 0..1; read before the next is asked for.
 * @param count - n.
 */
export function matchOverlaps(
  rows: Iterable<Float32Array>,
  count: number,
  { positiveIou, negativeIou, forceBest }: MatchRule,
  geometry: Geometry,
): Int32Array {
  const closest = new Int32Array(count).fill(BACKGROUND);
  const overlap = new Float32Array(count).fill(-1);
  const forced = new Uint8Array(count);
  let truthIndex = 0;
  for (const row of rows) {
    let best = 0;
    for (let index = 0; index < count; index++) {
      if (row[index] > overlap[index]) {
        overlap[index] = row[index];
        closest[index] = truthIndex;
      }
      if (row[index] > best) best = row[index];
    }
    if (forceBest && (best > 0 || geometry === 'legacy')) {
      for (let index = 0; index < count; index++) if (row[index] === best) forced[index] = 1;
    }
    truthIndex++;
  }
  // Overlaps are float32 and so are the limits they are compared with: an overlap of exactly 0.7 is positive.
  const [positive, negative] = [Math.fround(positiveIou), Math.fround(negativeIou)];
  for (let index = 0; index < count; index++) {
    if (forced[index] === 1 || overlap[index] >= positive) continue;
    closest[index] = overlap[index] < negative ? BACKGROUND : IGNORED;
  }
  return closest;
}
