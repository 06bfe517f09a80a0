import {
  type Boxes,
  clipBoxes,
  concatenate,
  decodeBoxes,
  type Geometry,
  nonMaxSuppression,
  type Size,
} from '@pffnet/structures';
import { ANCHOR_WEIGHTS } from './box-weights.ts';
import type { ProposalCounts } from './config.ts';
import { gatherBoxes } from './gather-boxes.ts';
import { topK } from './top-k.ts';

/** What {@link selectProposals} chooses from: the proposal network's output, read out level by level. */
export interface ProposalInputs {
  /** Per level [a] logits in the order of the anchors. */
  readonly objectness: readonly Float32Array[];
  /** Per level [a * 4] deltas (dy, dx, dh, dw) in the order of the anchors. */
  readonly deltas: readonly Float32Array[];
  /** Per level [a * 4] image pixels. */
  readonly anchors: readonly Boxes[];
  /** The image without its padding: proposals are clipped to it. */
  readonly imageSize: Size;
  readonly counts: ProposalCounts;
  /** IoU above which the lower score of two proposals of a level goes. */
  readonly nms: number;
  /** Smallest side, image pixels. */
  readonly minSize: number;
  readonly geometry: Geometry;
  /** [m * 4] boxes to add at the end with score 1, whatever the counts: the truth, in training. */
  readonly appended?: Boxes;
}

/** Boxes worth a closer look. */
export interface Proposals {
  /** [n * 4] image pixels, by descending score, appended boxes last. */
  readonly boxes: Boxes;
  /** [n] probability of an object, 0..1. */
  readonly scores: Float32Array;
}

/**
 * Turns the proposal network's output into boxes: the highest scores of each level are decoded, clipped, freed of boxes
 * that are too small and of overlaps; the best of all levels remain. Boxes that are empty or not finite never remain.
 * @remarks Source: Lin et al. 2017, section 4.1. Equal scores keep the order of levels and anchors.
 */
export function selectProposals(inputs: ProposalInputs): Proposals {
  const { objectness, counts, appended = new Float32Array(0) } = inputs;
  const levels = objectness.map((_, level) => proposalsOfLevel(inputs, level));
  const boxes = concatenate(levels.map((level) => level.boxes));
  const logits = concatenate(levels.map((level) => level.logits));
  const kept = topK(logits, counts.total);
  return {
    boxes: concatenate([gatherBoxes(boxes, kept), appended]),
    scores: concatenate([
      Float32Array.from(kept, (index) => 1 / (1 + Math.exp(-logits[index]))),
      new Float32Array(appended.length / 4).fill(1),
    ]),
  };
}

/** One level's proposals by descending logit. Logits rank as probabilities do, and finer where these round to 1. */
function proposalsOfLevel(inputs: ProposalInputs, level: number): { boxes: Boxes; logits: Float32Array } {
  const { imageSize, counts, nms, minSize, geometry } = inputs;
  const highest = topK(inputs.objectness[level], counts.perLevelBeforeNms);
  const decoded = decodeBoxes(
    gatherBoxes(inputs.anchors[level], highest),
    gatherBoxes(inputs.deltas[level], highest),
    ANCHOR_WEIGHTS,
    geometry,
  );
  const clipped = clipBoxes(decoded, imageSize, geometry);
  const large = highest.map((_, place) => place).filter((place) => isLarge(clipped, place, minSize, geometry));
  const boxes = gatherBoxes(clipped, large);
  const logits = Float32Array.from(large, (place) => inputs.objectness[level][highest[place]]);
  const kept = nonMaxSuppression(boxes, logits, { iouThreshold: nms, geometry, limit: counts.perLevelAfterNms });
  return { boxes: gatherBoxes(boxes, kept), logits: Float32Array.from(kept, (index) => logits[index]) };
}

/** Written so that a box with NaN in it is not large. */
function isLarge(boxes: Boxes, index: number, minSize: number, geometry: Geometry): boolean {
  const at = 4 * index;
  const inclusive = geometry === 'legacy' ? 1 : 0;
  const height = boxes[at + 2] - boxes[at] + inclusive;
  const width = boxes[at + 3] - boxes[at + 1] + inclusive;
  return height > 0 && width > 0 && height >= minSize && width >= minSize;
}
