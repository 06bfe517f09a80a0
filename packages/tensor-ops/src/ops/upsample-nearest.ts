import { avgPool, concat, customGrad, mul, reshape, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { ShapeError } from '@pffnet/structures';

/**
 * Repeats every cell `factor` times along rows and columns.
 * @param x - [b, h, w, c] float32.
 * @param factor - a whole number, at least 1.
 * @returns [b, h * factor, w * factor, c]. Differentiable once in `x`: the gradient sums each block.
 * @throws ShapeError if `factor` is not a whole number.
 */
export function upsampleNearest(x: Tensor4D, factor: number): Tensor4D {
  assertShape('upsampleNearest', 'x', x, ['b', 'h', 'w', 'c']);
  if (!Number.isInteger(factor) || factor < 1) {
    throw new ShapeError(`upsampleNearest: expected a whole factor of at least 1, got ${factor}`);
  }
  const [b, h, w, c] = x.shape;
  const repeat = (values: Tensor): Tensor[] => Array.from({ length: factor }, () => values);
  const upsample = customGrad((...args) => {
    const [input] = args as unknown as [Tensor4D];
    const columns = concat(repeat(reshape(input, [b * h * w, c])), 1); // each cell beside itself
    const rows = concat(repeat(reshape(columns, [b * h, w * factor * c])), 1); // each row beside itself
    const gradFunc = (dy: Tensor): Tensor =>
      dy.size === 0 ? reshape(dy, x.shape) : mul(avgPool(dy as Tensor4D, factor, factor, 'valid'), factor * factor);
    return { value: reshape(rows, [b, h * factor, w * factor, c]), gradFunc };
  });
  return tidy(() => upsample(x) as Tensor4D);
}
