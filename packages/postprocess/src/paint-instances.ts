import { type Detections, type LabelMap, labelMap, ShapeError } from '@pffnet/structures';
import { keepConfident } from './keep-confident.ts';
import { maskPlacer, type PlacedMask, type Placement } from './place-mask.ts';

/** One object of the result. */
export interface Instance {
  /** Its number in the label map: 1 is the surest. */
  readonly id: number;
  /** Tight box (y1, x1, y2, x2) of its visible pixels: the last row is y2 - 1. */
  readonly box: readonly [y1: number, x1: number, y2: number, x2: number];
  /** Visible pixels. */
  readonly area: number;
  /** Probability of the foreground class, 0..1. */
  readonly classScore: number;
  /** Predicted mask quality, or null for a network without the quality branch. */
  readonly quality: number | null;
  /** What it was ranked by: a learned rank, or class score times quality, or the class score alone. */
  readonly confidence: number;
}

/** A label map and a line about each of its objects. */
export interface PlacedInstances {
  /** 0 is background, 1..n are the instances. */
  readonly labels: LabelMap;
  /** n instances in the order of their ids. */
  readonly instances: Instance[];
}

/** Which detections are painted, and what happens where they overlap. */
export interface PaintRule extends Placement {
  /** Detections with a class score above it are painted. */
  readonly minScore: number;
  /** A mask of which more than this part is covered by surer ones is dropped: 0.7 in the released code, 1 for never. */
  readonly dropCoveredAbove: number;
}

/**
 * Paints detections as a label map, the surest first: each object keeps the pixels that no surer one has taken. Objects
 * left without pixels are dropped.
 * @returns ids 1..n in descending order of confidence.
 * @throws ShapeError if the arrays of `detections` do not fit its count.
 * @remarks Source: Section III-E and Eq. 6; sources.md row 34. The paper has no rule for covered masks; the released code
 * drops those covered by more than 70 %. Time and memory follow the boxes' pixels, not detections times image.
 */
export function paintInstances(
  detections: Detections,
  size: { readonly height: number; readonly width: number },
  rule: PaintRule,
): PlacedInstances {
  assertDetections('paintInstances', detections);
  const { order, confidences } = keepConfident(detections, rule.minScore);
  const place = maskPlacer(detections, size, rule);
  const labels = labelMap(size.height, size.width);
  const instances: Instance[] = [];
  for (const index of order) {
    const mask = place(index);
    const { area, covered } = countPixels(labels, mask);
    if (area === covered || covered / area > rule.dropCoveredAbove) continue;
    const id = instances.length + 1;
    instances.push({
      id,
      box: paint(labels, mask, id),
      area: area - covered,
      classScore: detections.classScores[index],
      quality: detections.qualities === null ? null : detections.qualities[index],
      confidence: confidences[index],
    });
  }
  return { labels, instances };
}

/** Checks that every array of detections has its length. */
export function assertDetections(caller: string, detections: Detections): void {
  const { count, boxes, classScores, qualities, ranks, maskSide, masks } = detections;
  const check = (name: string, expected: number, actual: number): void => {
    if (actual !== expected) throw new ShapeError(`${caller}: expected ${expected} ${name}, got ${actual}`);
  };
  check('box edges', count * 4, boxes.length);
  check('class scores', count, classScores.length);
  if (qualities !== null) check('qualities', count, qualities.length);
  if (ranks !== undefined) check('ranks', count, ranks.length);
  check('mask cells', count * maskSide * maskSide, masks.length);
}

/** Pixels of a mask, and those among them that already belong to an object. */
function countPixels(labels: LabelMap, { y, x, height, width, bits }: PlacedMask): { area: number; covered: number } {
  let area = 0;
  let covered = 0;
  for (let i = 0, bit = 0; i < height; i++) {
    for (let j = 0, pixel = (y + i) * labels.width + x; j < width; j++, bit++, pixel++) {
      if (bits[bit] === 0) continue;
      area++;
      if (labels.data[pixel] !== 0) covered++;
    }
  }
  return { area, covered };
}

/** Gives the free pixels of a mask to an object, and returns their tight box. */
function paint(labels: LabelMap, { y, x, height, width, bits }: PlacedMask, id: number): Instance['box'] {
  let [y1, x1, y2, x2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0, bit = 0; i < height; i++) {
    for (let j = 0, pixel = (y + i) * labels.width + x; j < width; j++, bit++, pixel++) {
      if (bits[bit] === 0 || labels.data[pixel] !== 0) continue;
      labels.data[pixel] = id;
      y1 = Math.min(y1, y + i);
      y2 = y + i + 1;
      x1 = Math.min(x1, x + j);
      x2 = Math.max(x2, x + j + 1);
    }
  }
  return [y1, x1, y2, x2];
}
