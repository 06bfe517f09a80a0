import {
  type AnchorSample,
  MASK_SIDE,
  type RoiSample,
  sampleAnchors,
  sampleRois,
  selectProposals,
} from '@pffnet/instance-head';
import { type MaskTargets, maskTargets } from '@pffnet/losses';
import { type Boxes, concatenate, type LabelMap, type RandomStream } from '@pffnet/structures';
import type { PffnetConfig } from './config.ts';
import { panopticTruth } from './panoptic-truth.ts';
import type { PixelSupervision } from './pixel-supervision.ts';
import type { Truth } from './truth.ts';

/** Where the draws of one step come from. */
export interface Sampling {
  readonly anchors: RandomStream;
  readonly rois: RandomStream;
}

/** What the proposal network says about every anchor, read out level by level. */
export interface RpnValues {
  /** [a] logits in the order of the anchors. */
  readonly objectness: readonly Float32Array[];
  /** [a * 4] deltas (dy, dx, dh, dw) in the order of the anchors. */
  readonly deltas: readonly Float32Array[];
}

/** What the predictions of one image are compared with, decided as they appear. */
export interface Supervision extends PixelSupervision {
  /** Anchors that the region proposal network learns from. */
  chooseAnchors(anchors: readonly Boxes[]): AnchorSample;
  /** RoIs that the box and mask heads learn from. */
  chooseRois(rpn: RpnValues, anchors: readonly Boxes[]): RoiSample;
  /** What the masks of positive RoIs should be; `truthIndex` names the object of each. */
  masksOf(boxes: Boxes, truthIndex: Int32Array): MaskTargets;
  /** [objects * 4] boxes of the true objects. */
  readonly boxes: Boxes;
  /** [n * side * side] 1 in the cells of boxes in which any object is. */
  foregroundIn(boxes: Boxes, side: number): Float32Array;
}

/** Supervision by a label map: anchors and proposals are matched with its objects and sampled (sources.md rows P5, P7). */
export function supervise(truth: Truth, config: PffnetConfig, sampling: Sampling): Supervision {
  const { geometry, instanceHead } = config;
  const { labels, boxes } = truth;
  const foreground = foregroundOf(labels);
  return {
    chooseAnchors: (anchors) =>
      sampleAnchors(
        {
          anchors: concatenate(anchors),
          truth: boxes,
          imageSize: labels,
          sampling: instanceHead.anchorSampling,
          geometry,
        },
        sampling.anchors,
      ),
    chooseRois: (rpn, anchors) => {
      const { boxes: proposals } = selectProposals({
        ...rpn,
        anchors,
        imageSize: labels,
        counts: instanceHead.proposals.train,
        nms: instanceHead.proposals.nms,
        minSize: instanceHead.proposals.minSize,
        geometry,
        appended: boxes,
      });
      return sampleRois({ proposals, truth: boxes, sampling: instanceHead.roiSampling, geometry }, sampling.rois);
    },
    masksOf: (rois, truthIndex) => {
      // Legacy boxes too are read as they stand, their last row and column outside, as the release crops its polygons.
      const ids = Array.from(truthIndex, (index) => truth.ids[index]);
      return maskTargets({ labels, ids, boxes: rois, side: MASK_SIDE });
    },
    foreground,
    boxes,
    foregroundIn: (rois, side) => {
      const { height, width } = labels;
      const objects = { height, width, data: Uint32Array.from(foreground) };
      const ids = new Uint8Array(rois.length / 4).fill(1);
      return maskTargets({ labels: objects, ids, boxes: rois, side }).targets;
    },
    choosePanoptic: (size, keep) => panopticTruth(truth, { size, keep, stream: sampling.rois }),
  };
}

/** [h * w] 1 where an object is. */
function foregroundOf({ data }: LabelMap): Uint8Array {
  const foreground = new Uint8Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel++) foreground[pixel] = data[pixel] > 0 ? 1 : 0;
  return foreground;
}
