import { assertShape } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import { mul, type Scalar, tensor1d, tensor2d, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { noLoss } from './no-loss.ts';
import { smoothL1 } from './smooth-l1.ts';
import { foregroundContrast } from './two-class-logit.ts';

/** Predictions of the box head for the sampled RoIs, objects first. */
export interface BoxLossInputs {
  /** [n, 2] class logits, background first. */
  readonly logits: Tensor2D;
  /** [n, 4] deltas (dy, dx, dh, dw) of the foreground class. */
  readonly deltas: Tensor2D;
  /** How many of the first rows hold an object; the others are background. */
  readonly positiveCount: number;
  /** [positiveCount * 4] true deltas, in the box head's weights. */
  readonly deltaTargets: Float32Array;
}

/**
 * How well RoIs were classified and their boxes refined.
 * classification = mean over the n RoIs of the softmax cross-entropy;
 * regression = smooth L1 (beta 1) summed over the positives / n. Without RoIs both are 0.
 * @throws ShapeError if the rows or targets do not fit.
 * @remarks Source: Girshick 2015, Eq. 1-3, as in the released code (sources.md row P17).
 */
export function boxLoss({ logits, deltas, positiveCount, deltaTargets }: BoxLossInputs): {
  classification: Scalar;
  regression: Scalar;
} {
  assertShape('boxLoss', 'logits', logits, ['n', 2]);
  const [count] = logits.shape;
  assertShape('boxLoss', 'deltas', deltas, [count, 4]);
  if (positiveCount > count || deltaTargets.length !== positiveCount * 4) {
    throw new ShapeError(
      `boxLoss: expected at most ${count} positives with 4 targets each, got ${positiveCount} with ${deltaTargets.length} targets`,
    );
  }
  if (count === 0) return { classification: noLoss(logits), regression: noLoss(deltas) };

  const labels = new Float32Array(count).fill(1, 0, positiveCount);
  const classification = tidy(
    () => mul(binaryCrossEntropy(foregroundContrast(logits), tensor1d(labels)), 1 / count) as Scalar,
  );
  const targets = new Float32Array(count * 4);
  targets.set(deltaTargets);
  const regressed = new Float32Array(count * 4).fill(1, 0, positiveCount * 4);
  const regression = tidy(() => {
    const target = tensor2d(targets, [count, 4]);
    const mask = tensor2d(regressed, [count, 4]);
    return mul(smoothL1({ predicted: deltas, target, beta: 1, mask }), 1 / count) as Scalar;
  });
  return { classification, regression };
}
