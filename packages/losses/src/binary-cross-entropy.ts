import {
  abs,
  add,
  customGrad,
  exp,
  type GradSaveFunc,
  log1p,
  mul,
  neg,
  relu,
  type Scalar,
  sigmoid,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Cross-entropy of probabilities given as logits, summed: sum w (max(x, 0) - t x + ln(1 + e^-|x|)). This form neither
 * overflows nor loses the small end, however far a logit is saturated; its gradient is w (sigmoid(x) - t).
 * @param logits - [...] float32.
 * @param targets - same shape, 0..1, without gradient.
 * @param weights - same shape, without gradient; 1 everywhere by default.
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, weights?: Tensor): Scalar {
  const weigh = (values: Tensor, by: Tensor | undefined): Tensor => (by === undefined ? values : mul(values, by));
  const loss = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, GradSaveFunc];
    save(weights === undefined ? [x, targets] : [x, targets, weights]);
    const terms = weigh(add(sub(relu(x), mul(targets, x)), log1p(exp(neg(abs(x))))), weights);
    return {
      // Rows first: one long float32 sum over a large image would lose digits.
      value: sum(sum(terms, -1)) as Scalar,
      gradFunc: (dy, saved) => {
        const [x, targets, weights] = saved as [Tensor, Tensor, Tensor | undefined];
        return mul(dy, weigh(sub(sigmoid(x), targets), weights));
      },
    };
  });
  return loss(logits) as Scalar;
}
