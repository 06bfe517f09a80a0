import { addN, matMul, reshape, tensor2d, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Which mask channel acts on which channel of the semantic map (sources.md row 10): each on its own (released code), the
 * foreground on both, the foreground on the foreground only (paper), or the foreground and, on the background, its complement.
 */
export type ChannelRule = 'both' | 'fg_to_both' | 'fg_only' | 'fg_complement';

/** One plane of masks: its weights on the mask's two channels, and where in the map's two channels it acts. */
interface Plane {
  readonly reads: readonly [background: number, foreground: number];
  readonly writes: readonly [background: 0 | 1, foreground: 0 | 1];
}

/** The complement of a logit is its negative: sigmoid(-m) = 1 - sigmoid(m). */
const PLANES: Readonly<Record<ChannelRule, readonly Plane[]>> = {
  both: [
    { reads: [1, 0], writes: [1, 0] },
    { reads: [0, 1], writes: [0, 1] },
  ],
  fg_to_both: [{ reads: [0, 1], writes: [1, 1] }],
  fg_only: [{ reads: [0, 1], writes: [0, 1] }],
  fg_complement: [
    { reads: [0, -1], writes: [1, 0] },
    { reads: [0, 1], writes: [0, 1] },
  ],
};

/**
 * Turns each plane of masks that acts into one map, and lays the maps over the channels that they act on.
 * @param maskLogits - [n, s, s, 2].
 * @param mapOf - [n, s, s, 1] logits -> [1, h, w, 1].
 * @returns [1, h, w, 2]; zero in a channel on which nothing acts.
 * @remarks Products with constant vectors take channels apart and together: slices and concatenations of the last axis,
 * and their gradients, are slow on engines whose data movement is not native.
 */
export function mapPlanes(maskLogits: Tensor4D, rule: ChannelRule, mapOf: (logits: Tensor4D) => Tensor4D): Tensor4D {
  const [count, side] = maskLogits.shape;
  const cells = reshape(maskLogits, [count * side * side, 2]);
  const layers = PLANES[rule].map(({ reads, writes }) => {
    const logits = matMul(cells, tensor2d([...reads], [2, 1]));
    const map = mapOf(reshape(logits, [count, side, side, 1]));
    const [, height, width] = map.shape;
    const channels = matMul(reshape(map, [height * width, 1]), tensor2d([...writes], [1, 2]));
    return reshape(channels, [1, height, width, 2]) as Tensor4D;
  });
  return layers.length === 1 ? layers[0] : addN(layers);
}
