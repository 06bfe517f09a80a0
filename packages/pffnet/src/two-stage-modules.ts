import type { Backbone } from '@pffnet/backbone';
import type { FeatureFusion } from '@pffnet/fusion';
import type { InstanceHead } from '@pffnet/instance-head';
import type { PyramidSemanticMap, SemanticHead } from '@pffnet/semantic-head';
import type { PffnetConfig } from './config.ts';

/** The second semantic prediction: a map read from P2, and how instance masks are fused into it. */
export interface InstanceSemantics {
  readonly map: PyramidSemanticMap;
  readonly fusion: FeatureFusion;
  readonly boxes: 'refined' | 'proposal';
}

/** The modules that a config names: they predict, and know nothing of the truth. */
export interface TwoStageModules {
  readonly config: PffnetConfig;
  readonly backbone: Backbone;
  readonly semanticHead: SemanticHead | null;
  readonly instanceHead: InstanceHead;
  readonly instanceSemantics: InstanceSemantics | null;
}
