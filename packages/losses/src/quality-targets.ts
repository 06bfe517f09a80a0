import { ShapeError } from '@pffnet/structures';
import {
  add,
  customGrad,
  div,
  type GradSaveFunc,
  maximum,
  mul,
  reshape,
  step,
  sub,
  sum,
  tensor1d,
  type Tensor1D,
  tensor2d,
  type Tensor2D,
  type Tensor4D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkedCellCount } from './mask-loss.ts';
import { foregroundLogit } from './two-class-logit.ts';

/** Predicted masks and what is true of them, as {@link maskTargets} gives it. */
export interface QualityTargetInputs {
  /** [n, s, s, 2] mask logits, background first. */
  readonly logits: Tensor4D;
  /** [n * s * s] true masks, 0 or 1. */
  readonly targets: Float32Array;
  /** [n] part of each true object's pixels that lies in its box; may pass 1 a little, is raised to 1e-10. */
  readonly inBoxFraction: Float32Array;
}

/** Smallest in-box fraction, so that a box beside its object gives a target near 0 and not a division by 0. */
const LEAST_FRACTION = 1e-10;

/**
 * How good each predicted mask is: IoU / 2 + Dice / 2 between the cells with a positive logit and the true object, the
 * parts of the object outside the box included: with I the cells in both, P those predicted and
 * G = (cells of the target) / inBoxFraction, IoU = I / max(P + G - I, 1) and Dice = 2 I / max(P + G, 1).
 * @returns [n] float32, 0 to about 1. No gradient passes.
 * @throws ShapeError if there is not one target per cell and one fraction per mask.
 * @remarks Source: Eq. 3; sources.md row P14; targets a little above 1 are the reference's too (sources.md row F4).
 */
export function qualityTargets({ logits, targets, inBoxFraction }: QualityTargetInputs): Tensor1D {
  const cells = checkedCellCount('qualityTargets', logits, targets);
  const [count] = logits.shape;
  if (inBoxFraction.length !== count) {
    throw new ShapeError(`qualityTargets: expected ${count} in-box fractions, got ${inBoxFraction.length}`);
  }
  const side = count === 0 ? 0 : cells / count;
  const fullAreas = Float32Array.from(inBoxFraction, (fraction, mask) => {
    let area = 0;
    for (let cell = mask * side; cell < (mask + 1) * side; cell++) area += targets[cell];
    return area / Math.max(fraction, LEAST_FRACTION);
  });

  const compare = customGrad((...args) => {
    const [x] = args as unknown as [Tensor4D, GradSaveFunc];
    const gradFunc = (): Tensor4D => zeros(logits.shape);
    if (cells === 0) return { value: zeros([0]), gradFunc };
    const predicted: Tensor2D = step(reshape(foregroundLogit(x), [count, side]));
    const overlap = sum(mul(predicted, tensor2d(targets, [count, side])), 1);
    const together = add(sum(predicted, 1), tensor1d(fullAreas));
    const iou = div(overlap, maximum(sub(together, overlap), 1));
    const halfDice = div(overlap, maximum(together, 1));
    return { value: add(mul(iou, 0.5), halfDice), gradFunc };
  });
  return tidy(() => compare(logits) as Tensor1D);
}
