import { add, conv2d as convolve, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { constant, type Initializer, kaimingUniform } from './initializers.ts';
import type { ParamScope } from './param-scope.ts';

/** A convolution's shape. */
export interface Conv2dSpec {
  /** Rows and columns of the kernel; odd. */
  readonly kernel: number | readonly [number, number];
  readonly inChannels: number;
  readonly outChannels: number;
  /** 1 by default. */
  readonly stride?: number;
  /** Whether a bias is added; true by default. */
  readonly bias?: boolean;
  /** Kaiming-uniform by default. */
  readonly init?: Initializer;
  /** Zeros by default. */
  readonly biasInit?: Initializer;
}

/** [b, h, w, c] -> [b, ceil(h / stride), ceil(w / stride), outChannels]. */
export type Conv2d = (x: Tensor4D) => Tensor4D;

/**
 * A convolution padded by (kernel - 1) / 2 on every side, as PyTorch does (TensorFlow's `same` is shifted at stride 2).
 * Parameters: `kernel` [h, w, in, out] and `bias` [out].
 */
export function conv2d(scope: ParamScope, spec: Conv2dSpec): Conv2d {
  const { inChannels, outChannels, stride = 1, bias = true, init = kaimingUniform, biasInit = constant(0) } = spec;
  const [rows, columns] = typeof spec.kernel === 'number' ? [spec.kernel, spec.kernel] : spec.kernel;
  const weights = scope.param('kernel', [rows, columns, inChannels, outChannels], init);
  const offset = bias ? scope.param('bias', [outChannels], biasInit) : undefined;
  const [above, left] = [(rows - 1) / 2, (columns - 1) / 2];
  const pad =
    above === left
      ? above
      : ([
          [0, 0],
          [above, above],
          [left, left],
          [0, 0],
        ] as [[number, number], [number, number], [number, number], [number, number]]);
  return (x) => {
    assertShape('conv2d', 'x', x, ['b', 'h', 'w', inChannels]);
    return tidy(() => {
      const y: Tensor4D = convolve(x, weights as unknown as Tensor4D, stride, pad, 'NHWC', 1, 'floor');
      return offset === undefined ? y : add(y, offset);
    });
  };
}
