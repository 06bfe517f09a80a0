import { withoutPadding } from '@pffnet/network';
import type { Boxes, Size } from '@pffnet/structures';
import { foregroundLogits, resizeBilinear } from '@pffnet/tensor-ops';
import { sigmoid, type Tensor4D } from '@tensorflow/tfjs-core';
import type { InstanceSemantics } from './instance-semantics.ts';

/** The instances of one image, and what they are seen on. */
export interface InstanceMapInputs {
  /** [1, h / 4, w / 4, c] of the padded image. */
  readonly p2: Tensor4D;
  /** [n, s, s, 2] */
  readonly maskLogits: Tensor4D;
  /** [n * 4] where the masks belong, in image pixels. */
  readonly boxes: Boxes;
  /** Rows and columns without padding. */
  readonly image: Size;
}

/** The pixels that instances say are foreground: [1, height, width, 2] logits, background first. */
export function instanceMap(
  semantics: InstanceSemantics,
  { p2, maskLogits, boxes, image }: InstanceMapInputs,
): Tensor4D {
  if (semantics.kind === 'pyramid-map') {
    const features = withoutPadding(semantics.map.predict(p2), image);
    return semantics.fusion.fuse({ features, maskLogits, boxes });
  }
  const [, height, width] = p2.shape;
  const masks = sigmoid(foregroundLogits(maskLogits));
  const logits = semantics.ranking.predict({ masks, boxes, size: { height, width } });
  return withoutPadding(resizeBilinear(logits, 4 * height, 4 * width), image);
}
