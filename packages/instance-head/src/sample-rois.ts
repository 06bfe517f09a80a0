import { type Boxes, encodeBoxes, type Geometry, type RandomStream } from '@pffnet/structures';
import { ROI_WEIGHTS } from './box-weights.ts';
import type { RoiSampling } from './config.ts';
import { drawSubset } from './draw-subset.ts';
import { BACKGROUND, matchBoxes } from './match-boxes.ts';
import { gatherBoxes } from './gather-boxes.ts';

/** What {@link sampleRois} chooses from. */
export interface RoiSamplingInputs {
  /** [n * 4] image pixels; in training the truth is among them. */
  readonly proposals: Boxes;
  /** [m * 4] boxes of the objects, image pixels; may be empty. */
  readonly truth: Boxes;
  readonly sampling: RoiSampling;
  readonly geometry: Geometry;
}

/** The RoIs that enter the losses of the heads. */
export interface RoiSample {
  /** [count * 4] image pixels, positives first. */
  readonly boxes: Boxes;
  readonly count: number;
  readonly positiveCount: number;
  /** [positiveCount] which truth each positive belongs to. */
  readonly truthIndex: Int32Array;
  /** [positiveCount * 4] deltas (dy, dx, dh, dw) from each positive to its truth, weighted (10, 10, 5, 5). */
  readonly deltaTargets: Float32Array;
}

/**
 * Chooses RoIs for the losses of the heads: as many positives as their share allows, the rest negatives.
 * @returns fewer RoIs than asked for when there are not enough proposals.
 * @remarks Source: Girshick 2015, section 2.3, with negatives from IoU 0 as in the released code.
 */
export function sampleRois(inputs: RoiSamplingInputs, stream: RandomStream): RoiSample {
  const { proposals, truth, sampling, geometry } = inputs;
  const { iou, count, positiveFraction } = sampling;
  const rule = { positiveIou: iou, negativeIou: iou, forceBest: false };
  const matches = matchBoxes(proposals, truth, rule, geometry);
  const indices = Int32Array.from(matches, (_, index) => index);
  const positives = drawSubset(
    indices.filter((index) => matches[index] !== BACKGROUND),
    Math.floor(count * positiveFraction),
    stream,
  );
  const negatives = drawSubset(
    indices.filter((index) => matches[index] === BACKGROUND),
    count - positives.length,
    stream,
  );
  const boxes = gatherBoxes(proposals, Int32Array.of(...positives, ...negatives));
  const truthIndex = positives.map((index) => matches[index]);
  const positiveBoxes = boxes.subarray(0, 4 * positives.length);
  return {
    boxes,
    count: positives.length + negatives.length,
    positiveCount: positives.length,
    truthIndex,
    deltaTargets: encodeBoxes(positiveBoxes, gatherBoxes(truth, truthIndex), ROI_WEIGHTS, geometry),
  };
}
