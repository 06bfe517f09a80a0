import { mul, reshape, type Scalar, tensor2d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { checkedCellCount, type MaskLossInputs } from './mask-loss.ts';
import { noLoss } from './no-loss.ts';
import { foregroundContrast } from './two-class-logit.ts';

/**
 * Softmax cross-entropy of semantic logits cut out of boxes, averaged over all cells of all boxes; 0 without boxes. Pixels
 * of small objects count as much as those of large ones.
 * @param inputs - logits [n, s, s, 2], background first; targets 1 where a cell holds any object.
 * @throws ShapeError if there is not one target per cell.
 * @remarks Source: Xiong et al. 2019 (UPSNet), Section 3.1 (RoI loss); sources.md row 53.
 */
export function roiSemanticLoss({ logits, targets }: MaskLossInputs): Scalar {
  const cells = checkedCellCount('roiSemanticLoss', logits as Tensor4D, targets);
  if (cells === 0) return noLoss(logits);
  const rows: [number, number] = [logits.shape[0], cells / logits.shape[0]];
  return tidy(() => {
    const contrast = reshape(foregroundContrast(logits), rows);
    return mul(binaryCrossEntropy(contrast, tensor2d(targets, rows)), 1 / cells) as Scalar;
  });
}
