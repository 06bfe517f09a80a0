import { assertShape } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import { mul, reshape, type Scalar, tensor2d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { noLoss } from './no-loss.ts';
import { foregroundLogit } from './two-class-logit.ts';

/** Predicted masks of the RoIs that hold an object, and their true masks. */
export interface MaskLossInputs {
  /** [n, s, s, 2] logits, background first. */
  readonly logits: Tensor4D;
  /** [n * s * s] 0 or 1. */
  readonly targets: Float32Array;
}

/**
 * Binary cross-entropy of the foreground channel, averaged over all cells of all masks; 0 without masks.
 * @throws ShapeError if there is not one target per cell.
 * @remarks Source: He et al. 2017, Section 3 (L_mask); the background channel takes no part (sources.md row P8).
 */
export function maskLoss({ logits, targets }: MaskLossInputs): Scalar {
  const cells = checkedCellCount('maskLoss', logits, targets);
  if (cells === 0) return noLoss(logits);
  const rows: [number, number] = [logits.shape[0], cells / logits.shape[0]];
  return tidy(() => {
    const foreground = reshape(foregroundLogit(logits), rows);
    return mul(binaryCrossEntropy(foreground, tensor2d(targets, rows)), 1 / cells) as Scalar;
  });
}

/** n * s * s, after checking that masks are square, have two classes, and that every cell has its target. */
export function checkedCellCount(caller: string, logits: Tensor4D, targets: Float32Array): number {
  assertShape(caller, 'logits', logits, ['n', 's', 's', 2]);
  const cells = logits.size / 2;
  if (targets.length !== cells) throw new ShapeError(`${caller}: expected ${cells} targets, got ${targets.length}`);
  return cells;
}
