import type { Tensor4D } from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, inSequence, kaimingNormal, type ParamScope } from '@pffnet/tensor-ops';

/** A block's shape. */
export interface ConvBlockSpec {
  readonly inChannels: number;
  readonly outChannels: number;
  /** 1 by default. */
  readonly stride?: number;
  readonly groups: number;
}

/** [n, s, s, inChannels] -> [n, s / stride, s / stride, outChannels]. */
export type ConvBlock = (x: Tensor4D) => Tensor4D;

/** A 3x3 convolution without bias, group norm, ReLU: what every RoI head is built of. */
export function convBlock(
  scope: ParamScope,
  { inChannels, outChannels, stride = 1, groups }: ConvBlockSpec,
): ConvBlock {
  const shape = { kernel: 3, inChannels, outChannels, stride, bias: false, init: kaimingNormal };
  const convolve = conv2d(scope.child('conv'), shape);
  const normalize = groupNorm(scope.child('norm'), { channels: outChannels, groups, activation: 'relu' });
  return inSequence(convolve, normalize);
}
