import { withoutPadding } from '@pffnet/network';
import type { Size } from '@pffnet/structures';
import { resizeBilinear } from '@pffnet/tensor-ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Logits on P2's cells [1, h, w, 2], bilinearly enlarged to the pixels of an image, without its padding. */
export function enlargeP2(logits: Tensor4D, image: Size): Tensor4D {
  const [, height, width] = logits.shape;
  return withoutPadding(resizeBilinear(logits, 4 * height, 4 * width), image);
}
