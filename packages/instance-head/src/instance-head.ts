import { sigmoid, slice, type Tensor1D, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { type Boxes, levelOfBoxes } from '@pffnet/structures';
import { assertShape, hasEngineKernel, initialLogit, type ParamScope, type roiAlign } from '@pffnet/tensor-ops';
import { BOX_SIDE, type BoxPrediction } from './box-head.ts';
import { boxHeadNamed } from './box-heads.ts';
import { checkInstanceHeadConfig, type InstanceHeadConfig, type InstanceHeadSpec } from './config.ts';
import { createMaskHead } from './mask-heads.ts';
import { MASK_FEATURE_SIDE, MASK_SIDE } from './mask-trunk.ts';
import { proposalHead, type RpnOutput } from './proposal-head.ts';
import { qualityHeadNamed } from './quality-heads.ts';
import { evenChunk, runInChunks } from './run-in-chunks.ts';

/** How RoIs are cut out: `roiAlign` where gradients are needed, `roiAlignDirect` for thousands of RoIs at test size. */
export type RoiPooling = typeof roiAlign;

/** What the mask and quality heads say about each RoI. */
export interface MaskPrediction {
  /** [n, 28, 28, 2] logits over the RoI: background, foreground. */
  readonly maskLogits: Tensor4D;
  /** [n] predicted quality of the mask, unbounded; null without a quality head. */
  readonly quality: Tensor1D | null;
}

/** The instance branch: from a feature pyramid to boxes and masks. Matching with the truth and losses are not its task. */
export interface InstanceHead {
  /**
   * Says at every anchor whether there is an object, and where.
   * @param pyramid - P2..P6, [1, h, w, c] each, at 1/4..1/64 of the image.
   */
  propose(pyramid: readonly Tensor4D[]): RpnOutput;
  /**
   * Classifies and refines boxes.
   * @param pyramid - P2..P6.
   * @param boxes - [n * 4] image pixels; may be empty.
   * @param pool - cuts RoIs out of P2..P5.
   * @param chunk - boxes that run through the head at once; by default as many rows of cells as a chunk of masks has, or
   * four times that where the engine has a kernel for RoIAlign.
   */
  predictBoxes(pyramid: readonly Tensor4D[], boxes: Boxes, pool: RoiPooling, chunk?: number): BoxPrediction;
  /**
   * Draws a mask in each box and judges it.
   * @param pyramid - P2..P6.
   * @param boxes - [n * 4] image pixels; may be empty.
   * @param pool - cuts RoIs out of P2..P5.
   * @param chunk - boxes that run through the heads at once; by default the config's.
   */
  predictMasks(pyramid: readonly Tensor4D[], boxes: Boxes, pool: RoiPooling, chunk?: number): MaskPrediction;
}

/** Chunks of boxes that may run at once on an engine with a kernel for RoIAlign. */
const BOX_CHUNKS = 4;

/** Image pixels between the cells of P2..P5, the levels that RoIs are cut from. */
const ROI_STRIDES = [4, 8, 16, 32] as const;

/**
 * Mean quality of the masks of the first steps: 0.38 to 0.79 at step 1 of seven seeds of `small` on TNBC (two logits of
 * chance are foreground nearly everywhere or nearly nowhere), about 0.75 later.
 */
const INFORMED_QUALITY = 0.6;

/**
 * Builds the instance branch. Parameters live below `rpn`, `box`, `mask` and `quality`.
 * @throws ConfigError if `groups` does not divide the channels of a layer, or a size is not a positive whole number.
 * @remarks Source: He et al. 2017 (Mask R-CNN) on Lin et al. 2017 (FPN); PFFNet, section III.
 */
export function createInstanceHead(
  scope: ParamScope,
  spec: InstanceHeadSpec,
  config: InstanceHeadConfig,
): InstanceHead {
  checkInstanceHeadConfig(config, spec);
  const { anchors, anchorSampling, box, mask, quality, roiSampling, groups, chunk, geometry } = config;
  const start = config.initialOutputs ?? 'published';
  const channels = spec.pyramidChannels;
  const boxChunk = chunk * (MASK_FEATURE_SIDE / BOX_SIDE); // as many rows of cells as a chunk of masks has
  // Where an engine cuts RoIs out directly, only their features grow with a run, and the weights are read once for all.
  const boxesPerRun = (count: number): number =>
    hasEngineKernel('RoiAlign') ? evenChunk(count, boxChunk * BOX_CHUNKS) : boxChunk;
  const proposeBoxes = proposalHead(scope.child('rpn'), {
    channels,
    anchors: anchors.ratios.length,
    objectLogit: initialLogit(start, anchorSampling.positiveFraction),
  });
  const foregroundLogit = initialLogit(start, roiSampling.positiveFraction);
  const describeBox = boxHeadNamed(box.kind).create(
    scope.child('box'),
    { channels, groups, foregroundLogit },
    box as never,
  );
  const drawMask = createMaskHead(scope.child('mask'), { inChannels: channels, groups }, mask);
  const judgeMask =
    quality.kind === 'none'
      ? null
      : qualityHeadNamed(quality.kind).create(
          scope.child('quality'),
          { channels, groups, initialQuality: start === 'published' ? 0 : INFORMED_QUALITY },
          quality as never,
        );

  const cutOut = (pyramid: readonly Tensor4D[], boxes: Boxes, pool: RoiPooling, side: number): Tensor4D =>
    pool(pyramid.slice(0, ROI_STRIDES.length), boxes, levelOfBoxes(boxes, { count: ROI_STRIDES.length }, geometry), {
      side,
      strides: ROI_STRIDES,
      geometry,
    });

  return {
    propose(pyramid) {
      checkPyramid('propose', pyramid, channels);
      return tidy(() => ({ ...proposeBoxes(pyramid) }));
    },

    predictBoxes(pyramid, boxes, pool, perRun = boxesPerRun(boxes.length / 4)) {
      checkPyramid('predictBoxes', pyramid, channels);
      const [logits, deltas] = runInChunks(
        boxes,
        { chunk: perRun, rowShapes: [[2], [4]], source: pyramid[0] },
        (part) => {
          const described = describeBox(cutOut(pyramid, part, pool, BOX_SIDE));
          return [described.logits, described.deltas];
        },
      );
      return { logits: logits as Tensor2D, deltas: deltas as Tensor2D };
    },

    predictMasks(pyramid, boxes, pool, perRun = chunk) {
      checkPyramid('predictMasks', pyramid, channels);
      const rowShapes = judgeMask === null ? [[MASK_SIDE, MASK_SIDE, 2]] : [[MASK_SIDE, MASK_SIDE, 2], []];
      const [maskLogits, judged] = runInChunks(boxes, { chunk: perRun, rowShapes, source: pyramid[0] }, (part) => {
        const features = cutOut(pyramid, part, pool, MASK_FEATURE_SIDE);
        const logits = drawMask(features); // [chunk, 28, 28, 2]
        if (judgeMask === null) return [logits];
        const foreground: Tensor4D = sigmoid(slice(logits, [0, 0, 0, 1], [-1, -1, -1, 1])); // [chunk, 28, 28, 1]
        return [logits, judgeMask(features, foreground)];
      });
      return { maskLogits: maskLogits as Tensor4D, quality: judgeMask === null ? null : (judged as Tensor1D) };
    },
  };
}

function checkPyramid(caller: string, pyramid: readonly Tensor4D[], channels: number): void {
  pyramid.forEach((level, index) => {
    assertShape(caller, `P${index + 2}`, level, [1, 'h', 'w', channels]);
  });
}
