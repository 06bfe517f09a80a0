import { panopticLogits } from '@pffnet/fusion';
import { withoutPadding } from '@pffnet/network';
import { type Boxes, ShapeError, type Size } from '@pffnet/structures';
import { foregroundLogits, resizeBilinear } from '@pffnet/tensor-ops';
import {
  avgPool,
  logSumExp,
  reshape,
  sigmoid,
  slice,
  stack,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { InstanceSemantics } from './instance-semantics.ts';

/** The instances of one image, and what they are seen on. */
export interface InstanceMapInputs {
  /** [1, h, w, 2] semantic logits of the padded image; null without a semantic branch. */
  readonly semantic: Tensor4D | null;
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
  { semantic, p2, maskLogits, boxes, image }: InstanceMapInputs,
): Tensor4D {
  if (semantics.kind === 'pyramid-map') {
    const features = withoutPadding(semantics.map.predict(p2), image);
    return semantics.fusion.fuse({ features, maskLogits, boxes });
  }
  const [, height, width] = p2.shape;
  if (semantics.kind === 'panoptic') {
    const { geometry } = semantics;
    const inputs = { semantic: onP2(semantic), maskLogits, boxes, geometry };
    return atImageSize(stuffAgainstThings(panopticLogits(inputs), height, width), image);
  }
  const masks = sigmoid(foregroundLogits(maskLogits));
  const logits = semantics.ranking.predict({ masks, boxes, size: { height, width } });
  return atImageSize(logits, image);
}

/** Semantic logits on the cells of P2: [1, h, w, 2] -> [1, h / 4, w / 4, 2], the mean of the pixels of each. */
export function onP2(semantic: Tensor4D | null): Tensor4D {
  if (semantic === null) throw new ShapeError('onP2: expected semantic logits, got none');
  return avgPool(semantic, 4, 4, 'valid');
}

/** [n + 2, h * w] logits of stuff, instances and void -> [1, h, w, 2] of stuff and any instance. */
function stuffAgainstThings(logits: Tensor2D, height: number, width: number): Tensor4D {
  const [channels, cells] = logits.shape;
  const stuff = slice(logits, [0, 0], [1, cells]);
  const things = channels === 2 ? slice(logits, [1, 0], [1, cells]) : slice(logits, [1, 0], [channels - 2, cells]);
  return reshape(stack([reshape(stuff, [cells]), logSumExp(things, 0)], 1), [1, height, width, 2]);
}

/** Logits on P2's cells, bilinearly enlarged to the pixels of an image. */
function atImageSize(logits: Tensor4D, image: Size): Tensor4D {
  const [, height, width] = logits.shape;
  return withoutPadding(resizeBilinear(logits, 4 * height, 4 * width), image);
}
