import { add, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';

/** Sizes of a {@link largeKernelBlock}. */
export interface LargeKernelSpec {
  /** Length of the one-dimensional kernels; odd. */
  readonly kernel: number;
  readonly inChannels: number;
  readonly channels: number;
}

/**
 * A k x k view out of two pairs of one-dimensional convolutions: wide(tall(x)) + tall(wide(x)), with biases, without
 * norm or ReLU. Parameters: `tall-wide/tall` (k x 1), `tall-wide/wide` (1 x k), `wide-tall/wide`, `wide-tall/tall`.
 * @returns [1, h, w, inChannels] -> [1, h, w, channels].
 * @remarks Source: Peng et al. 2017, Fig. 2B.
 */
export function largeKernelBlock(
  scope: ParamScope,
  { kernel, inChannels, channels }: LargeKernelSpec,
): (x: Tensor4D) => Tensor4D {
  const [first, second] = [
    { inChannels, outChannels: channels },
    { inChannels: channels, outChannels: channels },
  ];
  const tallWide = scope.child('tall-wide');
  const wideTall = scope.child('wide-tall');
  const tall1 = conv2d(tallWide.child('tall'), { kernel: [kernel, 1], ...first });
  const wide1 = conv2d(tallWide.child('wide'), { kernel: [1, kernel], ...second });
  const wide2 = conv2d(wideTall.child('wide'), { kernel: [1, kernel], ...first });
  const tall2 = conv2d(wideTall.child('tall'), { kernel: [kernel, 1], ...second });
  return (x) => tidy(() => add(wide1(tall1(x)), tall2(wide2(x))));
}
