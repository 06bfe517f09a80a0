import { assertShape } from '@pffnet/tensor-ops';
import {
  customGrad,
  type GradSaveFunc,
  mul,
  neg,
  reshape,
  type Scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { foregroundContrast } from './two-class-logit.ts';

/**
 * How far two semantic predictions differ: the mean over classes and pixels of (softmax(a) - softmax(b))^2.
 * @param a - [1, h, w, 2] logits.
 * @param b - same shape. The gradient goes to both.
 * @throws ShapeError if the shapes differ.
 * @remarks Source: Eq. 4; sources.md row 20. With two classes both squares are equal, so one is computed.
 */
export function consistencyLoss(a: Tensor4D, b: Tensor4D): Scalar {
  assertShape('consistencyLoss', 'a', a, [1, 'h', 'w', 2]);
  assertShape('consistencyLoss', 'b', b, a.shape);
  const [, height, width] = a.shape;
  const pixels = height * width;
  const distance = customGrad((...args) => {
    const [x, y, save] = args as unknown as [Tensor, Tensor, GradSaveFunc];
    const [p, q] = [sigmoid(x), sigmoid(y)];
    const difference = sub(p, q);
    save([p, q]);
    return {
      value: mul(sum(sum(square(difference), -1)), 1 / pixels) as Scalar,
      gradFunc: (dy, saved) => {
        const [p, q] = saved;
        const upstream = mul(mul(dy, 2 / pixels), sub(p, q));
        const slope = (s: Tensor): Tensor => sub(s, square(s));
        return [mul(upstream, slope(p)), neg(mul(upstream, slope(q)))];
      },
    };
  });
  return tidy(() => {
    const contrast = (logits: Tensor4D): Tensor => reshape(foregroundContrast(logits), [height, width]);
    return distance(contrast(a), contrast(b)) as Scalar;
  });
}
