export { createFusion } from './create-fusion.ts';
export type { FeatureFusion, FusionInputs } from './feature-fusion.ts';
export type { AttentionOptions, FusionContext, PastingOptions } from './fusion-options.ts';
export { type FusionConfig, type FusionOptions, fusionSchema } from './fusions.ts';
export { type PanopticInputs, panopticLogits, panopticSchema } from './panoptic-head.ts';
export { type RankingInputs, SpatialRanking, spatialRankingSchema } from './spatial-ranking.ts';
