import {
  anchorsOfPyramid,
  MASK_SIDE,
  type QualityHeadConfig,
  refineBoxes,
  type RoiSample,
} from '@pffnet/instance-head';
import {
  boxLoss,
  maskLoss,
  proposalLoss,
  qualityLoss,
  qualityTargets,
  roiSemanticLoss,
  semanticLoss,
} from '@pffnet/losses';
import {
  decide,
  decideAtOnce,
  type Decision,
  type ForwardPass,
  imageTensor,
  type LossTerms,
  withoutPadding,
} from '@pffnet/network';
import type { Boxes, Geometry, RgbImage, Size } from '@pffnet/structures';
import { roiAlign } from '@pffnet/tensor-ops';
import { slice, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { TwoStageModules } from './two-stage-modules.ts';
import type { Supervision } from './supervision.ts';

/**
 * Every term of Eq. 5 for one image, by name and before weighting; terms whose branch the config leaves out are absent.
 * It stops to have anchors and RoIs chosen and boxes refined.
 * @param image - any size; it is padded to a multiple of 32, and what lies in the padding counts in no loss.
 * @remarks Source: Fig. 1, Section III-E, Eq. 5; sources.md rows P1, P16.
 */
export function* forwardPass(model: TwoStageModules, image: RgbImage, supervision: Supervision): ForwardPass {
  const { config, instanceHead, instanceSemantics } = model;
  const pyramid = model.backbone.extract(imageTensor(image, config.input));
  const rpn = instanceHead.propose(pyramid.p);
  const mapSizes = pyramid.p.map(({ shape }) => ({ height: shape[1], width: shape[2] }));
  const anchors = anchorsOfPyramid(mapSizes, config.instanceHead.anchors, config.geometry);
  const anchorSample = yield* decide([], () => supervision.chooseAnchors(anchors));
  const learnPixels =
    instanceSemantics === null ? null : yield* decide([], () => instanceSemantics.begin(supervision, mapSizes[0]));
  const rpnLosses = proposalLoss({ ...rpn, ...anchorSample });

  const refines = instanceSemantics?.refinesBoxes ?? false;
  const levels = rpn.objectness.length;
  const rois = yield* decide(
    [...rpn.objectness, ...rpn.deltas],
    (values) => supervision.chooseRois({ objectness: values.slice(0, levels), deltas: values.slice(levels) }, anchors),
    !refines,
  );
  const described = instanceHead.predictBoxes(pyramid.p, rois.boxes, roiAlign);
  const boxLosses = boxLoss({ ...described, ...rois });
  const positives = rois.boxes.subarray(0, rois.positiveCount * 4);
  const placed = refines ? yield* refinedBoxes(described.deltas, positives, image, config.geometry) : positives;
  const masks = learnMasks(model, pyramid.p, rois, supervision);

  const instances = { proposals: rpn.features, maskLogits: masks.logits, boxes: positives };
  const padded = model.semanticHead?.predict(pyramid, instances) ?? null;
  const semantic = padded === null ? null : withoutPadding(padded, image);
  return {
    'rpn-objectness': rpnLosses.objectness,
    'rpn-box': rpnLosses.box,
    'box-class': boxLosses.classification,
    'box-regression': boxLosses.regression,
    ...masks.terms,
    ...(semantic === null ? {} : learnSemantics(model, semantic, supervision)),
    ...learnPixels?.({
      semantic: padded,
      semanticOfImage: semantic,
      p2: pyramid.p[0],
      maskLogits: masks.logits,
      boxes: placed,
      image,
      maskLogitsIn: (boxes) => instanceHead.predictMasks(pyramid.p, boxes, roiAlign).maskLogits,
    }),
  };
}

/** The last decision: boxes are constants of what is painted into them, their gradient stops here (sources.md row 3). */
function* refinedBoxes(
  deltas: Tensor2D,
  boxes: Boxes,
  image: Size,
  geometry: Geometry,
): Generator<Decision, Boxes, unknown> {
  const ofPositives = slice(deltas, [0, 0], [boxes.length / 4, 4]);
  const refine = ([values]: readonly Float32Array[]): Boxes => refineBoxes(boxes, values, image, geometry);
  return yield* decide([ofPositives], refine, true);
}

/** Mask logits of the positives, and the losses of masks and of their quality, which is learned from negatives too. */
function learnMasks(
  { config, instanceHead }: TwoStageModules,
  p: readonly Tensor4D[],
  rois: RoiSample,
  supervision: Supervision,
): { logits: Tensor4D; terms: LossTerms } {
  const { boxes, positiveCount, truthIndex } = rois;
  const negatives = negativesJudged(config.instanceHead.quality, rois);
  const judged = boxes.subarray(0, (positiveCount + negatives) * 4);
  const { maskLogits, quality } = instanceHead.predictMasks(p, judged, roiAlign);
  const logits = negatives === 0 ? maskLogits : slice(maskLogits, 0, positiveCount);
  const masks = supervision.masksOf(boxes.subarray(0, positiveCount * 4), truthIndex);
  const terms: LossTerms = { mask: maskLoss({ logits, targets: masks.targets }) };
  if (quality !== null) {
    terms['quality'] = qualityLoss({ predicted: quality, target: qualityTargets({ logits, ...masks }), negatives });
  }
  return { logits, terms };
}

/** The losses of the semantic branch: everywhere, and inside the boxes of true objects. */
function learnSemantics({ config }: TwoStageModules, semantic: Tensor4D, supervision: Supervision): LossTerms {
  const { boxes, foreground } = supervision;
  const terms: LossTerms = { semantic: semanticLoss({ logits: semantic, foreground }) };
  if (config.loss.rois > 0) {
    const spec = { side: MASK_SIDE, strides: [1], geometry: config.geometry };
    const logits = roiAlign([semantic], boxes, new Int32Array(boxes.length / 4), spec);
    terms['roi-semantic'] = roiSemanticLoss({ logits, targets: supervision.foregroundIn(boxes, MASK_SIDE) });
  }
  return terms;
}

/** How many negatives the quality branch learns from: the first, of which the proposal network is surest. */
function negativesJudged(quality: QualityHeadConfig, { count, positiveCount }: RoiSample): number {
  if (quality.kind === 'none') return 0;
  return Math.min(count - positiveCount, Math.round(quality.negatives * positiveCount));
}

/**
 * The loss terms of one image, decisions taken as they appear. Call it inside the function whose gradient is taken.
 * @remarks The engine must read synchronously.
 */
export function computeLosses(model: TwoStageModules, image: RgbImage, supervision: Supervision): LossTerms {
  return decideAtOnce(forwardPass(model, image, supervision));
}
