import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Boxes } from '@pffnet/structures';

/** What a fusion reads: one image's semantic map and the masks of its instances. */
export interface FusionInputs {
  /** F0, [1, h, w, 2] float32 at image resolution. */
  readonly features: Tensor4D;
  /** [n, s, s, 2] float32 logits of each RoI's mask: channel 0 background, channel 1 foreground. */
  readonly maskLogits: Tensor4D;
  /** [n * 4] (y1, x1, y2, x2) in image pixels: where each mask belongs. No gradient. */
  readonly boxes: Boxes;
}

/** Brings what the instances know into the semantic map. */
export interface FeatureFusion {
  /**
   * Fuses masks into the map.
   * @returns [1, h, w, 2] logits: channel 0 background, channel 1 foreground. Differentiable in features and masks.
   * @throws ShapeError if the masks, the boxes or the map do not fit each other.
   */
  fuse(inputs: FusionInputs): Tensor4D;
}
