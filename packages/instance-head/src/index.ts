export { drawSubset } from './draw-subset.ts';
export { anchorsOfPyramid } from './anchors.ts';
export type { BoxPrediction } from './box-head.ts';
export {
  type AnchorConfig,
  type AnchorSampling,
  type InstanceHeadConfig,
  type InstanceHeadOptions,
  instanceHeadSchema,
  type InstanceHeadSpec,
  type ProposalCounts,
  type RoiSampling,
} from './config.ts';
export { createInstanceHead, type InstanceHead, type MaskPrediction, type RoiPooling } from './instance-head.ts';
export type { MaskHeadConfig } from './mask-heads.ts';
export { MASK_SIDE } from './mask-trunk.ts';
export { BACKGROUND, IGNORED, matchBoxes, type MatchRule } from './match-boxes.ts';
export type { MaskPacking } from './pack-mask.ts';
export type { RpnOutput } from './proposal-head.ts';
export type { QualityHeadConfig } from './quality-heads.ts';
export { refineBoxes } from './refine-boxes.ts';
export { chunksOfBoxes, evenChunk } from './run-in-chunks.ts';
export { type AnchorSample, type AnchorSamplingInputs, sampleAnchors } from './sample-anchors.ts';
export { type RoiSample, type RoiSamplingInputs, sampleRois } from './sample-rois.ts';
export { type DetectionInputs, selectDetections } from './select-detections.ts';
export { type ProposalInputs, type Proposals, selectProposals } from './select-proposals.ts';
