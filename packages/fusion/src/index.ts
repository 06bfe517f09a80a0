export { createFusion } from './create-fusion.ts';
export type { FeatureFusion, FusionInputs } from './feature-fusion.ts';
export type {
  AttentionConfig,
  AttentionOptions,
  FusionConfig,
  NoFusionConfig,
  PastingOptions,
  ReplacementConfig,
  ResidualAttentionConfig,
  SummationConfig,
} from './fusion-config.ts';
export type { ChannelRule } from './mask-channels.ts';
export type { WindowRule } from './placement.ts';
export type { HeadKind } from './refine-head.ts';
