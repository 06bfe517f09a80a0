import { add, mul, relu, type Tensor4D } from '@tensorflow/tfjs-core';
import {
  type Conv2d,
  constant,
  conv2d,
  groupNorm,
  type Initializer,
  inSequence,
  type NormActivation,
  type ParamScope,
} from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import type { BackboneNorm } from './backbone-options.ts';
import type { ConvPlan } from './plan-backbone.ts';

/**
 * A convolution without bias, its normalisation, and an activation.
 * @param init - of the kernel.
 */
export function normalizedConv(
  scope: ParamScope,
  plan: ConvPlan,
  norm: BackboneNorm,
  init: Initializer,
  activation: NormActivation = 'linear',
): Conv2d {
  const convolve = conv2d(scope.child(plan.conv), { ...plan, bias: false, init });
  const normalize = normalization(scope.child(plan.norm), plan.outChannels, norm, activation);
  return inSequence(convolve, normalize);
}

function normalization(
  scope: ParamScope,
  channels: number,
  norm: BackboneNorm,
  activation: NormActivation,
): (x: Tensor4D) => Tensor4D {
  switch (norm.kind) {
    case 'group':
      return groupNorm(scope, { channels, groups: norm.groups, activation });
    case 'frozen-affine':
      return affine(scope, channels, activation);
    default:
      throw new ConfigError(`backbone.norm: unknown kind ${JSON.stringify(norm satisfies never)}`);
  }
}

/** y = scale * x + shift by channel, the identity at the start: what a batch norm with fixed statistics computes. */
function affine(scope: ParamScope, channels: number, activation: NormActivation): (x: Tensor4D) => Tensor4D {
  const scale = scope.param('scale', [channels], constant(1));
  const shift = scope.param('shift', [channels], constant(0));
  const map = (x: Tensor4D): Tensor4D => add(mul(x, scale), shift);
  return activation === 'relu' ? (x) => relu(map(x)) : map;
}
