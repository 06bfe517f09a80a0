import type { FeatureFusion } from '@pffnet/fusion';
import type { LossTermSpec } from '@pffnet/network';
import type { Geometry, Kind } from '@pffnet/structures';
import type { InitialOutputs, ParamScope } from '@pffnet/tensor-ops';
import type { InstanceSemantics } from './instance-semantics.ts';

/** Everything about one kind of second semantic prediction, in its own file; `kinds.ts` lists them. */
export interface InstanceSemanticsKind extends Kind {
  /** Whether label maps depend on it: a network that is packed for prediction keeps it then. */
  readonly decidesLabelMaps: boolean;
  /**
   * Makes it; null where there is nothing to make.
   * @param scope - the root: each part declares its parameters below a name of its own.
   */
  create(scope: ParamScope, options: never, context: InstanceSemanticsContext): InstanceSemantics | null;
  /** The loss terms that it gives, in the order of Eq. 5. */
  terms(options: never, weights: SemanticWeights): LossTermSpec[];
}

/** What the wiring knows. */
export interface InstanceSemanticsContext {
  readonly pyramidChannels: number;
  readonly geometry: Geometry;
  readonly initialOutputs: InitialOutputs;
  /** Weight of the consistency between both semantic predictions. */
  readonly alpha2: number;
  /** A fusion of one's own. */
  readonly fusion?: ((scope: ParamScope) => FeatureFusion) | undefined;
}

/** What decides which terms there are, and what they weigh. */
export interface SemanticWeights {
  readonly alpha1: number;
  readonly alpha2: number;
  /** Whether there is a semantic branch. */
  readonly semantic: boolean;
}
