import { max, reshape, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import { spaceToDepth } from '@pffnet/tensor-ops';

/** How a 28x28 mask joins 14x14 features: see {@link packMask}. */
export const MASK_PACKINGS = ['space-to-depth', 'view', 'maxpool'] as const;
export type MaskPacking = (typeof MASK_PACKINGS)[number];

/** Channels of a packed mask. */
export const packedChannels = (packing: MaskPacking): number => (packing === 'maxpool' ? 1 : 4);

/**
 * Halves a mask's sides so that it can stand beside features of half its resolution.
 * - `space-to-depth`: the four pixels of a cell become its channels, row by row.
 * - `maxpool`: the largest of the four. Source: Huang et al. 2019 (Mask Scoring R-CNN).
 * - `view`: the mask's memory read as four maps one after the other, as in the released code: channel c holds the rows
 *   s/4 * c and following, each cut in two, and is not aligned with the features.
 * @param masks - [n, s, s, 1], s a multiple of 4.
 * @returns [n, s/2, s/2, 4], or [n, s/2, s/2, 1] for `maxpool`.
 */
export function packMask(masks: Tensor4D, packing: MaskPacking): Tensor4D {
  const [count, side] = masks.shape;
  switch (packing) {
    case 'space-to-depth':
      return spaceToDepth(masks, 2);
    case 'maxpool':
      // Not the pooling op: its gradient does not exist on every engine.
      return max(spaceToDepth(masks, 2), 3, true);
    case 'view':
      return transpose(reshape(masks, [count, 4, side / 2, side / 2]), [0, 2, 3, 1]);
  }
}
