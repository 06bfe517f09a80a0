import { add, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, type ParamScope } from '@pffnet/tensor-ops';

/** Sizes of a {@link residualBlock}. */
export interface ResidualSpec {
  readonly channels: number;
  /** A divisor of `channels`. */
  readonly groups: number;
}

/**
 * Two 3x3 convolutions without bias, each with group norm, added to what they read; no ReLU anywhere.
 * Parameters: `conv1`, `norm1`, `conv2`, `norm2`.
 * @returns [b, h, w, channels] -> [b, h, w, channels].
 */
export function residualBlock(scope: ParamScope, { channels, groups }: ResidualSpec): (x: Tensor4D) => Tensor4D {
  const shape = { kernel: 3, inChannels: channels, outChannels: channels, bias: false };
  const conv1 = conv2d(scope.child('conv1'), shape);
  const norm1 = groupNorm(scope.child('norm1'), { channels, groups });
  const conv2 = conv2d(scope.child('conv2'), shape);
  const norm2 = groupNorm(scope.child('norm2'), { channels, groups });
  return (x) => tidy(() => add(x, norm2(conv2(norm1(conv1(x))))));
}
