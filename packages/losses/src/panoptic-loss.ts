import { assertShape } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import {
  logSoftmax,
  mul,
  neg,
  type Scalar,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';

/** Whose each cell was said to be, and whose it is. */
export interface PanopticLossInputs {
  /** [c, cells] logits. */
  readonly logits: Tensor2D;
  /** [cells] the right one of the c, or -1 where a cell does not count. */
  readonly target: Int32Array;
}

/**
 * Softmax cross-entropy over stuff, instances and void, averaged over the cells that count; 0 where none does.
 * @throws ShapeError if there is not one target per cell.
 * @remarks Source: Xiong et al. 2019 (UPSNet), Section 3.3; sources.md row 53.
 */
export function panopticLoss({ logits, target }: PanopticLossInputs): Scalar {
  assertShape('panopticLoss', 'logits', logits, ['c', target.length]);
  const [classes, cells] = logits.shape;
  const right = new Float32Array(cells * classes);
  let counted = 0;
  target.forEach((one, cell) => {
    if (one >= classes) throw new ShapeError(`panopticLoss: expected targets below ${classes}, got ${one}`);
    if (one < 0) return;
    right[cell * classes + one] = 1;
    counted++;
  });
  return tidy(() => {
    const picked = mul(logSoftmax(transpose(logits)), tensor2d(right, [cells, classes]));
    // Rows first: one long float32 sum over a large map would lose digits.
    return mul(neg(sum(sum(picked, 1))), 1 / Math.max(counted, 1)) as Scalar;
  });
}
