import type { InitialOutputs } from '@pffnet/tensor-ops';
import type { Geometry } from '@pffnet/structures';
import type { ChannelRule } from './mask-channels.ts';
import type { HeadKind } from './refine-head.ts';
import type { WindowRule } from './placement.ts';

/** What all fusions of masks have in common. */
export interface PastingOptions {
  /** What follows the fused map: Table IX keeps the refinement for every kind, Cell R-CNN V2 has none. */
  readonly head: HeadKind;
  /** Whether the fused map's gradient stops before the masks, as in the released attention (sources.md row 2). */
  readonly detachMask: boolean;
  readonly window: WindowRule;
  /** How the boxes' edges are read (sources.md row 36). */
  readonly geometry: Geometry;
  /** Where the head's layers start; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/** What both attentions have in common. */
export interface AttentionOptions extends PastingOptions {
  /** Masks become probabilities before they are resized (Eq. 2), or after it (released code; sources.md row F1). */
  readonly order: 'sigmoid-resize' | 'resize-sigmoid';
  readonly channels: ChannelRule;
  /** RoI after RoI, so that overlaps compound (Algorithm 1), or once, by the largest (sources.md row 6). */
  readonly compose: 'sequential' | 'max';
}

/** The semantic map as it is. */
export interface NoFusionConfig {
  readonly kind: 'none';
}

/** F[B] <- M, the last RoI on top (Table IX a). */
export interface ReplacementConfig extends PastingOptions {
  readonly kind: 'replacement';
}

/** F[B] <- F + M (Table IX b). */
export interface SummationConfig extends PastingOptions {
  readonly kind: 'summation';
}

/** F[B] <- F * P (Table IX c). */
export interface AttentionConfig extends AttentionOptions {
  readonly kind: 'attention';
}

/** F[B] <- F * (1 + P): Algorithm 1 (Table IX d). */
export interface ResidualAttentionConfig extends AttentionOptions {
  readonly kind: 'residual-attention';
}

/** Which fusion, and its switches. B is an RoI's box, M its mask logits, P their probabilities, both resized to B. */
export type FusionConfig =
  NoFusionConfig | ReplacementConfig | SummationConfig | AttentionConfig | ResidualAttentionConfig;
