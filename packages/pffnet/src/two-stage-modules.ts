import type { Backbone } from '@pffnet/backbone';
import type { InstanceHead } from '@pffnet/instance-head';
import type { SemanticHead } from '@pffnet/semantic-head';
import type { PffnetConfig } from './config.ts';
import type { InstanceSemantics } from './instance-semantics/instance-semantics.ts';

/** The modules that a config names: they predict, and know nothing of the truth. */
export interface TwoStageModules {
  readonly config: PffnetConfig;
  readonly backbone: Backbone;
  readonly semanticHead: SemanticHead | null;
  readonly instanceHead: InstanceHead;
  readonly instanceSemantics: InstanceSemantics | null;
}
