import { panopticLogits } from '@pffnet/fusion';
import {
  anchorsOfPyramid,
  MASK_SIDE,
  type QualityHeadConfig,
  refineBoxes,
  type RoiSample,
} from '@pffnet/instance-head';
import {
  boxLoss,
  consistencyLoss,
  maskLoss,
  panopticLoss,
  proposalLoss,
  qualityLoss,
  qualityTargets,
  roiSemanticLoss,
  semanticLoss,
} from '@pffnet/losses';
import { decide, decideAtOnce, type ForwardPass, type LossTerms, imageTensor, withoutPadding } from '@pffnet/network';
import type { RgbImage } from '@pffnet/structures';
import { roiAlign } from '@pffnet/tensor-ops';
import { slice } from '@tensorflow/tfjs-core';
import { instanceMap, onP2 } from './instance-map.ts';
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
  const { height, width } = image;
  const { foreground } = supervision;

  const pyramid = model.backbone.extract(imageTensor(image, config.input));
  const rpn = instanceHead.propose(pyramid.p);
  const mapSizes = pyramid.p.map(({ shape }) => ({ height: shape[1], width: shape[2] }));
  const anchors = anchorsOfPyramid(mapSizes, config.instanceHead.anchors, config.geometry);
  const anchorSample = yield* decide([], () => supervision.chooseAnchors(anchors));
  const panoptic =
    instanceSemantics?.kind === 'panoptic'
      ? yield* decide([], () => supervision.choosePanoptic(mapSizes[0], instanceSemantics.keep))
      : null;
  const rpnLosses = proposalLoss({ ...rpn, ...anchorSample });

  const refines = instanceSemantics?.kind === 'pyramid-map' && instanceSemantics.boxes === 'refined';
  const levels = rpn.objectness.length;
  const rois = yield* decide(
    [...rpn.objectness, ...rpn.deltas],
    (values) => supervision.chooseRois({ objectness: values.slice(0, levels), deltas: values.slice(levels) }, anchors),
    !refines,
  );
  const described = instanceHead.predictBoxes(pyramid.p, rois.boxes, roiAlign);
  const boxLosses = boxLoss({ ...described, ...rois });

  const positives = rois.boxes.subarray(0, rois.positiveCount * 4);
  let pasteInto = positives;
  if (refines) {
    // Boxes are constants of the fusion: their gradient stops here (sources.md row 3).
    const deltas = slice(described.deltas, [0, 0], [rois.positiveCount, 4]);
    const refine = ([values]: readonly Float32Array[]): typeof positives =>
      refineBoxes(positives, values, { height, width }, config.geometry);
    pasteInto = yield* decide([deltas], refine, true);
  }
  const negatives = negativesJudged(config.instanceHead.quality, rois);
  const withNegatives = rois.boxes.subarray(0, (rois.positiveCount + negatives) * 4);
  const { maskLogits: allLogits, quality } = instanceHead.predictMasks(pyramid.p, withNegatives, roiAlign);
  const maskLogits = negatives === 0 ? allLogits : slice(allLogits, 0, rois.positiveCount);
  const masks = supervision.masksOf(positives, rois.truthIndex);

  const terms: LossTerms = {
    'rpn-objectness': rpnLosses.objectness,
    'rpn-box': rpnLosses.box,
    'box-class': boxLosses.classification,
    'box-regression': boxLosses.regression,
    mask: maskLoss({ logits: maskLogits, targets: masks.targets }),
  };
  if (quality !== null) {
    const target = qualityTargets({ logits: maskLogits, ...masks });
    terms['quality'] = qualityLoss({ predicted: quality, target, negatives });
  }

  const instances = { proposals: rpn.features, maskLogits, boxes: positives };
  const padded = model.semanticHead?.predict(pyramid, instances) ?? null;
  const semantic = padded === null ? null : withoutPadding(padded, image);
  if (semantic !== null) terms['semantic'] = semanticLoss({ logits: semantic, foreground });
  if (semantic !== null && config.loss.rois > 0) {
    const { boxes } = supervision;
    const spec = { side: MASK_SIDE, strides: [1], geometry: config.geometry };
    const logits = roiAlign([semantic], boxes, new Int32Array(boxes.length / 4), spec);
    terms['roi-semantic'] = roiSemanticLoss({ logits, targets: supervision.foregroundIn(boxes, MASK_SIDE) });
  }
  if (panoptic !== null) {
    const { boxes, target } = panoptic;
    const { maskLogits } = instanceHead.predictMasks(pyramid.p, boxes, roiAlign);
    const logits = panopticLogits({ semantic: onP2(padded), maskLogits, boxes, geometry: config.geometry });
    terms['panoptic'] = panopticLoss({ logits, target });
  }

  if (instanceSemantics !== null && instanceSemantics.kind !== 'panoptic') {
    const logits = instanceMap(instanceSemantics, {
      semantic: padded,
      p2: pyramid.p[0],
      maskLogits,
      boxes: pasteInto,
      image,
    });
    terms[instanceTerms[instanceSemantics.kind]] = semanticLoss({ logits, foreground });
    const compares = instanceSemantics.kind === 'pyramid-map' && config.loss.alpha2 > 0;
    if (semantic !== null && compares) terms['consistency'] = consistencyLoss(semantic, logits);
  }
  return terms;
}

/** The name of the loss of what instances say of pixels. */
const instanceTerms = { 'pyramid-map': 'fused-semantic', 'spatial-ranking': 'ranking' } as const;

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
