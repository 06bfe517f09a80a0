import { assertShape } from '@pffnet/tensor-ops';
import {
  concat,
  customGrad,
  div,
  type GradSaveFunc,
  maximum,
  mul,
  ones,
  type Scalar,
  square,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { noLoss } from './no-loss.ts';

/** Predicted and true quality of masks. */
export interface QualityLossInputs {
  /** [n + negatives] float32, unbounded; the gradient goes here. */
  readonly predicted: Tensor1D;
  /** [n] from {@link qualityTargets}; masks with target 0 do not count. */
  readonly target: Tensor1D;
  /** How many of the last masks show no object: their quality is 0, and they count. 0 by default. */
  readonly negatives?: number;
}

/**
 * (predicted - target)^2 / 2, averaged over the masks whose target is above 0 and the negatives; 0 when there are none.
 * @throws ShapeError if the lengths differ.
 * @remarks Source: Section III-C; Huang et al. 2019 (MS R-CNN); sources.md row 14. Both have no negatives.
 */
export function qualityLoss({ predicted, target, negatives = 0 }: QualityLossInputs): Scalar {
  assertShape('qualityLoss', 'predicted', predicted, ['n']);
  assertShape('qualityLoss', 'target', target, [predicted.size - negatives]);
  if (predicted.size === 0) return noLoss(predicted);
  const loss = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, GradSaveFunc];
    const counts = negatives === 0 ? step(target) : concat([step(target), ones([negatives])]);
    const wanted = negatives === 0 ? target : concat([target, zeros([negatives])]);
    const share = div(counts, maximum(sum(counts), 1)); // 1 / (masks that count), or 0
    const gradient = mul(share, sub(x, wanted));
    save([gradient]);
    return {
      value: mul(sum(mul(share, square(sub(x, wanted)))), 0.5) as Scalar,
      gradFunc: (dy, saved) => mul(dy, saved[0]),
    };
  });
  return tidy(() => loss(predicted) as Scalar);
}
