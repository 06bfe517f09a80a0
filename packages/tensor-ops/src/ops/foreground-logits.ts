import { matMul, reshape, tensor2d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';

/**
 * The foreground channel of masks. A product with a constant, because the gradient of a slice of the last axis is slow.
 * @param maskLogits - [n, s, s, 2], background first; n may be 0.
 * @returns [n, s, s, 1].
 */
export function foregroundLogits(maskLogits: Tensor4D): Tensor4D {
  assertShape('foregroundLogits', 'maskLogits', maskLogits, ['n', 's', 's', 2]);
  const [count, side] = maskLogits.shape;
  if (count === 0) return reshape(maskLogits, [0, side, side, 1]);
  return tidy(() => {
    const cells = reshape(maskLogits, [count * side * side, 2]);
    return reshape(matMul(cells, tensor2d([0, 1], [2, 1])), [count, side, side, 1]);
  });
}
