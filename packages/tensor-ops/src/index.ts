export { assertShape } from './assert-shape.ts';
export { type Conv2d, conv2d, type Conv2dSpec } from './nn/conv2d.ts';
export { type Dense, dense, type DenseSpec } from './nn/dense.ts';
export { type GroupNorm, groupNorm, type GroupNormSpec } from './nn/group-norm.ts';
export { INITIAL_OUTPUTS, initialLogit, initialLogitsKernel, type InitialOutputs } from './nn/initial-outputs.ts';
export {
  constant,
  identity,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  normal,
  perOutput,
} from './nn/initializers.ts';
export { inSequence } from './nn/in-sequence.ts';
export { ParamScope } from './nn/param-scope.ts';
export { readVariables, restoreVariables } from './nn/plain-variables.ts';
export { deformableConv2d, type DeformableConv2dSpec } from './nn/deformable-conv2d.ts';
export { transposedConv2d, type TransposedConv2dSpec } from './nn/transposed-conv2d.ts';
export { hasEngineKernel, runEngineKernel } from './ops/engine-kernel.ts';
export { foregroundLogits } from './ops/foreground-logits.ts';
export { groupNormalize, type NormActivation } from './ops/group-normalize.ts';
export { interpolationRows } from './ops/interpolation.ts';
export { boxWindows, pasteMasks, pasteWindows, type PasteWindow } from './ops/paste-masks.ts';
export { resizeBilinear } from './ops/resize-bilinear.ts';
export { roiAlign } from './ops/roi-align.ts';
export { roiAlignDirect } from './ops/roi-align-direct.ts';
export { roiUpsample, type RoiUpsampleSpec } from './ops/roi-upsample.ts';
export type { RoiAlignSpec } from './ops/roi-samples.ts';
export { sampleBilinear } from './ops/sample-bilinear.ts';
export { pixelShuffle, spaceToDepth } from './ops/space-to-depth.ts';
export { stopGradient } from './ops/stop-gradient.ts';
export { type Precision, precisionsHere, withPrecision } from './precision.ts';
export { upsampleNearest } from './ops/upsample-nearest.ts';
export { type BoxWeights, clipBoxes, decodeBoxes, encodeBoxes } from '@pffnet/structures';
export { boxArea, pairwiseIou } from '@pffnet/structures';
export { levelOfBoxes, type LevelRule } from '@pffnet/structures';
export type { Boxes, Geometry } from '@pffnet/structures';
export { nonMaxSuppression, type SuppressionOptions } from '@pffnet/structures';
