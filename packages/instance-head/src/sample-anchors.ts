import { type Boxes, encodeBoxes, type Geometry, type RandomStream, type Size } from '@pffnet/structures';
import type { AnchorSampling } from './config.ts';
import { drawSubset } from './draw-subset.ts';
import { BACKGROUND, matchBoxes } from './match-boxes.ts';
import { ANCHOR_WEIGHTS } from './box-weights.ts';
import { gatherBoxes } from './gather-boxes.ts';

/** What {@link sampleAnchors} chooses from. */
export interface AnchorSamplingInputs {
  /** [a * 4] the anchors of all levels, one level after the other. */
  readonly anchors: Boxes;
  /** [m * 4] boxes of the objects, image pixels; may be empty. */
  readonly truth: Boxes;
  /** The image without its padding. */
  readonly imageSize: Size;
  readonly sampling: AnchorSampling;
  readonly geometry: Geometry;
}

/** The anchors that enter the loss of the proposal network. */
export interface AnchorSample {
  /** [P] ascending indices of anchors that should be objects. */
  readonly positives: Int32Array;
  /** [N] ascending indices of anchors that should be background. */
  readonly negatives: Int32Array;
  /** [P * 4] deltas (dy, dx, dh, dw) from each positive anchor to its truth. */
  readonly targets: Float32Array;
}

/**
 * Chooses anchors for the loss: as many positives as their share allows, the rest negatives.
 * Without objects every anchor inside the image may become a negative.
 * @remarks Source: Ren et al. 2015, section 3.1.3. Anchors that cross the image border are matched but never sampled, so
 * a truth whose best anchor crosses it has no forced match, as in the released code.
 */
export function sampleAnchors(inputs: AnchorSamplingInputs, stream: RandomStream): AnchorSample {
  const { anchors, truth, imageSize, sampling, geometry } = inputs;
  const matches = matchBoxes(anchors, truth, { ...sampling, forceBest: true }, geometry);
  const positive: number[] = [];
  const negative: number[] = [];
  for (let index = 0; index < matches.length; index++) {
    if (matches[index] < BACKGROUND || !isInside(anchors, index, imageSize, geometry)) continue;
    (matches[index] === BACKGROUND ? negative : positive).push(index);
  }
  const positives = drawSubset(
    Int32Array.from(positive),
    Math.floor(sampling.count * sampling.positiveFraction),
    stream,
  );
  const negatives = drawSubset(Int32Array.from(negative), sampling.count - positives.length, stream);
  const targets = encodeBoxes(
    gatherBoxes(anchors, positives),
    gatherBoxes(
      truth,
      positives.map((index) => matches[index]),
    ),
    ANCHOR_WEIGHTS,
    geometry,
  );
  return { positives, negatives, targets };
}

/**
 * Whether a box lies inside the image: no further than its edges (`continuous`), or on its pixels (`legacy`, where a box
 * ends on the last pixel it holds).
 */
export function isInside(boxes: Boxes, index: number, { height, width }: Size, geometry: Geometry): boolean {
  const at = 4 * index;
  if (!(boxes[at] >= 0 && boxes[at + 1] >= 0)) return false;
  const [y2, x2] = [boxes[at + 2], boxes[at + 3]];
  return geometry === 'legacy' ? y2 < height && x2 < width : y2 <= height && x2 <= width;
}
