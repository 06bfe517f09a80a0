import { type LossTerms } from '@pffnet/network';
import {
  abs,
  add,
  div,
  exp,
  log1p,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  sigmoid,
  sub,
  sum,
  type Tensor3D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * The loss of masks at clicks: `dice`, mean over clicks of 1 - (2 sum p t + 1) / (sum p + sum t + 1), and `cross-entropy`, its
 * mean over pixels.
 * @param logits - [clicks, side, side].
 * @param truth - the same of 0 and 1.
 * @remarks Source: Jahanifar et al. 2019; sources.md row 48.
 */
export function clickLoss(logits: Tensor3D, truth: Tensor3D): LossTerms {
  return tidy(() => {
    const probabilities = sigmoid(logits);
    const shared = sum(mul(probabilities, truth), [1, 2]);
    const both = add(sum(probabilities, [1, 2]), sum(truth, [1, 2]));
    const dice = mean(sub(1, div(add(mul(shared, 2), 1), add(both, 1)))) as Scalar;
    const entropy = add(sub(relu(logits), mul(truth, logits)), log1p(exp(neg(abs(logits)))));
    return { dice, 'cross-entropy': mean(entropy) as Scalar };
  });
}
