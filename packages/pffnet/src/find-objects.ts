import { atShortSide, imageParts, type ImageSize, type Prediction } from '@pffnet/network';
import { paintInstances } from '@pffnet/postprocess';
import type { Detections, RgbImage } from '@pffnet/structures';
import type { TestRule } from './config.ts';
import type { TwoStageModules } from './two-stage-modules.ts';
import { learnedOrderOf, rankDetections } from './rank-detections.ts';
import { chooseParts, joinParts, readPart } from './reading.ts';

/**
 * Finds the objects of an image of any size, reading large ones in overlapping tiles (config `test.tiles`); an object
 * belongs to the tile whose core holds its centre. With `test.shortSide` the image is resized first.
 * @returns detections, boxes in the image's pixels.
 * @remarks What tiles change, measured: with `frozen-affine` norms an object further from a cut than the network sees (at
 * depth 18: 217 pixels up to C5, 96 more through P6, and its own box) is found as in the whole image, to 0.001 pixels.
 * Group norm takes its statistics from all that is read at once, so that each tile is normalised by itself: of 154 cells
 * on 512 x 512 synthetic pixels (`smoke`, trained on four other images), tiles of 128, 256 and 384 found the same as the
 * whole image with DQ 0.91, 0.95 and 0.96 (IoU above 1/2), and scored AJI 0.41 to 0.43 against the truth, as it did.
 */
export async function findObjects(model: TwoStageModules, image: RgbImage): Promise<Detections> {
  const { test, geometry } = model.config;
  const everything = { ...test, minScore: 0 };
  const readings = [];
  for (const part of imageParts(atShortSide(image, test.shortSide), test.tiles)) {
    readings.push(await readPart(model, part, everything));
  }
  const parts = chooseParts(readings, test, geometry);
  const detections = joinParts(parts, image, geometry);
  const order = learnedOrderOf(model);
  return order === null ? detections : { ...detections, ranks: await rankDetections(order, parts, test) };
}

/**
 * Draws detections as a label map: those above beta, ranked by class score times quality, painted from the surest down.
 * @param rule - by default the config's.
 * @remarks Source: Section III-E, Eq. 6; sources.md row P19.
 */
export function drawObjects(
  { config }: Pick<TwoStageModules, 'config'>,
  detections: Detections,
  size: ImageSize,
  rule: TestRule = config.test,
): Prediction {
  const { minScore, maskThreshold, dropCoveredAbove } = rule;
  return paintInstances(detections, size, { minScore, maskThreshold, dropCoveredAbove, geometry: config.geometry });
}
