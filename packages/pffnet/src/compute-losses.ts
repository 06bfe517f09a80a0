import { anchorsOfPyramid, refineBoxes } from '@pffnet/instance-head';
import {
  boxLoss,
  consistencyLoss,
  type LossTerms,
  maskLoss,
  proposalLoss,
  qualityLoss,
  qualityTargets,
  semanticLoss,
} from '@pffnet/losses';
import { roiAlign } from '@pffnet/tensor-ops';
import type { RgbImage } from '@pffnet/structures';
import { slice } from '@tensorflow/tfjs-core';
import type { Pffnet } from './create-pffnet.ts';
import { imageTensor, withoutPadding } from './image-tensor.ts';
import type { Supervision } from './supervision.ts';

/**
 * Every term of Eq. 5 for one image, by name and before weighting; terms whose branch the config leaves out are absent.
 * Call it inside the function whose gradient is taken.
 * @param image - any size; it is padded to a multiple of 32, and what lies in the padding counts in no loss.
 * @remarks Source: Fig. 1, Section III-E, Eq. 5; sources.md rows P1, P16.
 */
export function computeLosses(model: Pffnet, image: RgbImage, supervision: Supervision): LossTerms {
  const { config, instanceHead, instanceSemantics } = model;
  const { height, width } = image;
  const { foreground } = supervision;

  const pyramid = model.backbone.extract(imageTensor(image, config.input));
  const rpn = instanceHead.propose(pyramid.p);
  const mapSizes = pyramid.p.map(({ shape }) => ({ height: shape[1], width: shape[2] }));
  const anchors = anchorsOfPyramid(mapSizes, config.instanceHead.anchors, config.geometry);
  const rpnLosses = proposalLoss({ ...rpn, ...supervision.chooseAnchors(anchors) });

  const rois = supervision.chooseRois(rpn, anchors);
  const described = instanceHead.describeBoxes(pyramid.p, rois.boxes, roiAlign);
  const boxLosses = boxLoss({ ...described, ...rois });

  const positives = rois.boxes.subarray(0, rois.positiveCount * 4);
  const { maskLogits, quality } = instanceHead.describeMasks(pyramid.p, positives, roiAlign);
  const masks = supervision.masksOf(positives, rois.truthIndex);

  const terms: LossTerms = {
    'rpn-objectness': rpnLosses.objectness,
    'rpn-box': rpnLosses.box,
    'box-class': boxLosses.classification,
    'box-regression': boxLosses.regression,
    mask: maskLoss({ logits: maskLogits, targets: masks.targets }),
  };
  if (quality !== null) {
    terms.quality = qualityLoss({ predicted: quality, target: qualityTargets({ logits: maskLogits, ...masks }) });
  }

  const semantic = model.semanticHead === null ? null : withoutPadding(model.semanticHead.predict(pyramid), image);
  if (semantic !== null) terms.semantic = semanticLoss({ logits: semantic, foreground });

  if (instanceSemantics !== null) {
    // Boxes are constants of the fusion: their gradient stops here (sources.md row 3).
    const deltas = slice(described.deltas, [0, 0], [rois.positiveCount, 4]).dataSync() as Float32Array;
    const refined = refineBoxes(positives, deltas, { height, width }, config.geometry);
    const boxes = instanceSemantics.boxes === 'refined' ? refined : positives;
    const features = withoutPadding(instanceSemantics.map.predict(pyramid.p[0]), image);
    const fused = instanceSemantics.fusion.fuse({ features, maskLogits, boxes });
    terms['fused-semantic'] = semanticLoss({ logits: fused, foreground });
    if (semantic !== null && config.loss.alpha2 > 0) terms.consistency = consistencyLoss(semantic, fused);
  }
  return terms;
}
