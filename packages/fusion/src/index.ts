export { createFusion } from './create-fusion.ts';
export type { FeatureFusion, FusionInputs } from './feature-fusion.ts';
export type { FusionKind } from './fusion-kind.ts';
export type { AttentionOptions, FusionContext, FusionReadings, PastingOptions } from './fusion-options.ts';
export { type FusionConfig, type FusionOptions, fusionReadings, fusions, fusionSchema } from './fusions.ts';
