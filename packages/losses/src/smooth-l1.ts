import { assertShape } from '@pffnet/tensor-ops';
import {
  clipByValue,
  customGrad,
  type GradSaveFunc,
  mul,
  type Scalar,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { noLoss } from './no-loss.ts';

/** What {@link smoothL1} compares. */
export interface SmoothL1Inputs {
  /** [...] float32; the gradient goes here. */
  readonly predicted: Tensor;
  /** Same shape. */
  readonly target: Tensor;
  /** Where the loss changes from a parabola to a line, > 0. */
  readonly beta: number;
  /** Same shape, 1 where an entry counts and 0 where it does not; all count by default. */
  readonly mask?: Tensor;
}

/**
 * Smooth L1, summed: d^2 / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere, with d = predicted - target.
 * @returns the sum over entries that count; 0 when there are none. Differentiable in `predicted`.
 * @throws ShapeError if the shapes differ.
 * @remarks Source: Girshick 2015, Eq. 3, with the released code's beta. With c = clip(d, -beta, beta) both branches are
 * c (d - c / 2) / beta and the gradient is c / beta.
 */
export function smoothL1({ predicted, target, beta, mask }: SmoothL1Inputs): Scalar {
  assertShape('smoothL1', 'target', target, predicted.shape);
  if (mask !== undefined) assertShape('smoothL1', 'mask', mask, predicted.shape);
  if (predicted.size === 0) return noLoss(predicted);
  const loss = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, GradSaveFunc];
    const difference = mask === undefined ? sub(x, target) : mul(mask, sub(x, target));
    const clipped = clipByValue(difference, -beta, beta);
    save([clipped]);
    return {
      value: mul(sum(mul(clipped, sub(difference, mul(clipped, 0.5)))), 1 / beta) as Scalar,
      // Entries that do not count have c = 0, and so no gradient.
      gradFunc: (dy, saved) => mul(mul(dy, 1 / beta), saved[0]),
    };
  });
  return tidy(() => loss(predicted) as Scalar);
}
