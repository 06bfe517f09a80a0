import { selectDetections } from '@pffnet/instance-head';
import type { ImagePart, ImageSize } from '@pffnet/network';
import { mergeTiles, ownsObject, type Tile } from '@pffnet/postprocess';
import type { Detections, Geometry } from '@pffnet/structures';
import type { TestRule } from './config.ts';
import type { TwoStageModules } from './two-stage-modules.ts';
import { type Concern, detect } from './detect.ts';

/** What was detected in one part of an image: plain data. */
export interface Reading {
  readonly tile: Tile;
  /** Rows and columns of the image as it was read. */
  readonly whole: ImageSize;
  /** Boxes in the tile's own pixels, by descending class score. */
  readonly detections: Detections;
}

/** No two boxes have a larger IoU, so that nothing is suppressed here; `decide` suppresses. */
const SUPPRESS_NOTHING = 1;

/**
 * The most lenient of several rules. If they differ in suppression or limit, everything is read, because the result of
 * one suppression cannot be derived from that of another; as it is where quality ranks, which only masks can have.
 */
export function floorOf(rules: readonly TestRule[]): TestRule {
  const [first] = rules;
  const alike = rules.every(
    ({ nms, limit, nmsQuality }) => nms === first.nms && limit === first.limit && nmsQuality === 0,
  );
  return {
    ...first,
    ...(alike ? {} : { nms: SUPPRESS_NOTHING, limit: null }),
    scoreThreshold: Math.min(...rules.map(({ scoreThreshold }) => scoreThreshold)),
    minScore: Math.min(...rules.map(({ minScore }) => minScore)),
  };
}

/**
 * Detects in one part of an image. Masks are drawn for detections above the floor's `minScore` alone; and where the floor
 * suppresses as `decide` will, for those alone that this part's core owns.
 */
export async function readPart(
  model: TwoStageModules,
  { image, tile, whole }: ImagePart,
  rule: TestRule,
): Promise<Reading> {
  const floor = floorOf([rule]);
  const minScore = Math.fround(floor.minScore);
  const suppressed = floor.nms < SUPPRESS_NOTHING;
  const concerns: Concern = (boxes, scores, index) =>
    scores[index] > minScore && (!suppressed || ownsObject(tile, boxes.subarray(index * 4, index * 4 + 4), whole));
  return { tile, whole, detections: await detect(model, image, floor, concerns) };
}

/**
 * The detections of all parts under a rule, boxes in the pixels of the image.
 * @param readings - by the rule, or by {@link floorOf} some rules that it is among.
 * @param size - of the image; the readings may have seen it at another.
 */
export function joinReadings(
  readings: readonly Reading[],
  size: ImageSize,
  rule: TestRule,
  geometry: Geometry,
): Detections {
  return joinParts(chooseParts(readings, rule, geometry), size, geometry);
}

/** The detections of each part that a rule chooses and the part's core owns. */
export function chooseParts(readings: readonly Reading[], rule: TestRule, geometry: Geometry): Reading[] {
  return readings.map(({ tile, whole, detections }) => {
    const chosen = choose(detections, rule, geometry);
    const owned = indicesOf(chosen, (index) =>
      ownsObject(tile, chosen.boxes.subarray(index * 4, index * 4 + 4), whole),
    );
    return { tile, whole, detections: owned.length === chosen.count ? chosen : take(chosen, owned) };
  });
}

/** Chosen detections part after part, boxes in the pixels of an image. */
export function joinParts(parts: readonly Reading[], size: ImageSize, geometry: Geometry): Detections {
  const [{ whole }] = parts;
  return scaleBoxes(mergeTiles(parts), size.height / whole.height, size.width / whole.width, geometry);
}

/** The detections that a test holds for, in ascending order. */
export function indicesOf({ count }: Detections, holds: (index: number) => boolean): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index).filter(holds);
}

/** The detections that a rule chooses. */
function choose(
  detections: Detections,
  { scoreThreshold, nms, limit, ...rule }: TestRule,
  geometry: Geometry,
): Detections {
  const { boxes, classScores: scores, qualities } = detections;
  const inputs = { boxes, scores, nms, limit: limit ?? Infinity, geometry };
  if (rule.nmsQuality === 0 || qualities === null) {
    return take(detections, selectDetections({ ...inputs, scoreThreshold }));
  }
  const ranks = scores.map((score, index) => score * qualities[index] ** rule.nmsQuality);
  // A detection that will be dropped may outrank one that will not: it must not suppress it.
  return take(
    detections,
    selectDetections({ ...inputs, ranks, scoreThreshold: Math.max(scoreThreshold, rule.minScore) }),
  );
}

/** Some detections, in the order of their indices. */
export function take(
  { boxes, classScores, qualities, ranks, masks, maskSide }: Detections,
  indices: Int32Array,
): Detections {
  const rows = (values: Float32Array, length: number): Float32Array<ArrayBuffer> => {
    const part = new Float32Array(indices.length * length);
    for (const [row, index] of indices.entries()) {
      part.set(values.subarray(index * length, (index + 1) * length), row * length);
    }
    return part;
  };
  return {
    count: indices.length,
    boxes: rows(boxes, 4),
    classScores: rows(classScores, 1),
    qualities: qualities === null ? null : rows(qualities, 1),
    ...(ranks === undefined ? {} : { ranks: rows(ranks, 1) }),
    maskSide,
    masks: rows(masks, maskSide * maskSide),
  };
}

/** Detections of a resized image, in the pixels of the original. */
function scaleBoxes(detections: Detections, down: number, across: number, geometry: Geometry): Detections {
  if (down === 1 && across === 1) return detections;
  // An inclusive box ends where its last pixel does.
  const beyond = geometry === 'legacy' ? 1 : 0;
  const boxes = detections.boxes.map((edge, at) => {
    const scale = at % 2 === 0 ? down : across;
    return at % 4 < 2 ? edge * scale : (edge + beyond) * scale - beyond;
  });
  return { ...detections, boxes };
}
