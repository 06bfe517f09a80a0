import { assertShape } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import { mul, reshape, type Scalar, tensor2d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { foregroundContrast } from './two-class-logit.ts';

/** A semantic prediction and what is true of each pixel. */
export interface SemanticLossInputs {
  /** [1, h, w, 2] logits, background first. */
  readonly logits: Tensor4D;
  /** [h * w] 1 where some object is, 0 elsewhere. */
  readonly foreground: Uint8Array;
}

/**
 * Softmax cross-entropy of two classes, averaged over pixels.
 * @throws ShapeError if there is not one truth per pixel.
 * @remarks Source: Section III-E (L_semseg1 and L_semseg2); sources.md row 17.
 */
export function semanticLoss({ logits, foreground }: SemanticLossInputs): Scalar {
  assertShape('semanticLoss', 'logits', logits, [1, 'h', 'w', 2]);
  const [, height, width] = logits.shape;
  const pixels = height * width;
  if (foreground.length !== pixels) {
    throw new ShapeError(`semanticLoss: expected ${height} x ${width} = ${pixels} pixels, got ${foreground.length}`);
  }
  return tidy(() => {
    const contrast = reshape(foregroundContrast(logits), [height, width]);
    const targets = tensor2d(Float32Array.from(foreground), [height, width]);
    return mul(binaryCrossEntropy(contrast, targets), 1 / pixels) as Scalar;
  });
}
