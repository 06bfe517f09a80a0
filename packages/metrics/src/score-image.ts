import { DataError, type LabelMap } from '@pffnet/structures';
import type { ImageScores } from './image-scores.ts';
import { overlapTable, sizeOf } from './overlap-table.ts';
import { defaultPolicy, type ScorePolicy } from './score-policy.ts';
import { scoresOf, tallyOverlaps } from './tally.ts';

/**
 * Scores a prediction against the truth by every metric.
 * @param name - the image's name, for the table and for messages.
 * @throws DataError if the two maps differ in size.
 */
export function scoreImage(
  name: string,
  prediction: LabelMap,
  truth: LabelMap,
  policy: ScorePolicy = defaultPolicy,
): ImageScores {
  assertSameSize(name, prediction, truth);
  return scoresOf(name, tallyOverlaps(overlapTable(prediction, truth), policy));
}

/**
 * Checks that two label maps can be of one image.
 * @throws DataError if they differ in size.
 */
export function assertSameSize(name: string, prediction: LabelMap, truth: LabelMap): void {
  if (prediction.height === truth.height && prediction.width === truth.width) return;
  throw new DataError(
    `${name}: the prediction has ${sizeOf(prediction)} and the truth ${sizeOf(truth)} pixels (height x width); compare label maps of the same image at the same size`,
  );
}
