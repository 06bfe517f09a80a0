import { assertShape } from '@pffnet/tensor-ops';
import {
  customGrad,
  div,
  type GradSaveFunc,
  maximum,
  mul,
  type Scalar,
  square,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { noLoss } from './no-loss.ts';

/** Predicted and true quality of masks. */
export interface QualityLossInputs {
  /** [n] float32, unbounded; the gradient goes here. */
  readonly predicted: Tensor1D;
  /** [n] from {@link qualityTargets}; masks with target 0 do not count. */
  readonly target: Tensor1D;
}

/**
 * (predicted - target)^2 / 2, averaged over the masks whose target is above 0; 0 when there are none.
 * @throws ShapeError if the lengths differ.
 * @remarks Source: Section III-C; Huang et al. 2019 (MS R-CNN); sources.md row 14.
 */
export function qualityLoss({ predicted, target }: QualityLossInputs): Scalar {
  assertShape('qualityLoss', 'predicted', predicted, ['n']);
  assertShape('qualityLoss', 'target', target, [predicted.size]);
  if (predicted.size === 0) return noLoss(predicted);
  const loss = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, GradSaveFunc];
    const counts = step(target);
    const share = div(counts, maximum(sum(counts), 1)); // 1 / (masks that count), or 0
    const gradient = mul(share, sub(x, target));
    save([gradient]);
    return {
      value: mul(sum(mul(share, square(sub(x, target)))), 0.5) as Scalar,
      gradFunc: (dy, saved) => mul(dy, saved[0]),
    };
  });
  return tidy(() => loss(predicted) as Scalar);
}
