import type { LossTermSpec } from '@pffnet/network';
import { kindNamed } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import type { InstanceSemanticsContext, InstanceSemanticsKind, SemanticWeights } from './instance-semantics-kind.ts';
import type { InstanceSemantics } from './instance-semantics.ts';
import { instanceSemanticsKinds, type InstanceSemanticsOptions } from './kinds.ts';

/**
 * Makes what a config names; null where it names nothing.
 * @param scope - the root, in which its parts declare their parameters.
 * @throws ConfigError if there is no such kind.
 */
export function createInstanceSemantics(
  scope: ParamScope,
  options: InstanceSemanticsOptions,
  context: InstanceSemanticsContext,
): InstanceSemantics | null {
  return kindOf(options).create(scope, options as never, context);
}

/** The loss terms of what a config names, in the order of Eq. 5. */
export function termsOfInstanceSemantics(options: InstanceSemanticsOptions, weights: SemanticWeights): LossTermSpec[] {
  return kindOf(options).terms(options as never, weights);
}

/** Whether label maps depend on what a config names. */
export function decidesLabelMaps(options: InstanceSemanticsOptions): boolean {
  return kindOf(options).decidesLabelMaps;
}

const kindOf = ({ kind }: InstanceSemanticsOptions): InstanceSemanticsKind =>
  kindNamed(instanceSemanticsKinds, kind, 'instanceSemantics.kind');
