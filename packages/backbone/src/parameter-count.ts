import type { BackboneConfig } from './backbone-options.ts';
import { type ConvPlan, planBackbone, trunkConvs } from './plan-backbone.ts';

/** How many numbers a backbone holds, frozen ones included. */
export interface ParameterCount {
  /** Kernels of the ResNet, and the scales and shifts after them. */
  readonly trunk: number;
  /** The feature pyramid's kernels with their scales and shifts, or with their biases under `frozen-affine`. */
  readonly pyramid: number;
}

/**
 * Counts parameters without making any.
 * @throws ConfigError if a value of the config does not fit.
 */
export function parameterCount(config: BackboneConfig): ParameterCount {
  const plan = planBackbone(config);
  const count = (convs: readonly ConvPlan[], perChannel: number): number =>
    convs.reduce((sum, conv) => sum + (conv.kernel ** 2 * conv.inChannels + perChannel) * conv.outChannels, 0);
  return {
    trunk: count(trunkConvs(plan), 2),
    pyramid: count([...plan.lateral, ...plan.output], config.norm.kind === 'group' ? 2 : 1),
  };
}
