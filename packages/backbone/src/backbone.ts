import type { Tensor4D } from '@tensorflow/tfjs-core';

/** How activations are normalised: learned group norm, or the scale and shift that a frozen batch norm leaves. */
export type BackboneNorm =
  | {
      readonly kind: 'group';
      /** Divides `width` and `pyramidChannels`; 32 in the paper. */
      readonly groups: number;
    }
  | { readonly kind: 'frozen-affine' };

/** Which ResNet, how wide, and what of it trains. */
export interface BackboneConfig {
  /** Layers of the published network: basic blocks at 18 and 34, bottlenecks at 50 and 101. */
  readonly depth: 18 | 34 | 50 | 101;
  /** Channels of the stem; 64 in the paper, 16 is quarter width. Stages have 1, 2, 4, 8 times as many inside. */
  readonly width: number;
  /** Channels of P2 to P6; 256 in the paper. */
  readonly pyramidChannels: number;
  readonly norm: BackboneNorm;
  /** How many stages from the stem on do not train: 2 is the stem and C2, as the released code has it. */
  readonly freezeStages: 0 | 1 | 2 | 3 | 4;
  /** Which convolution of a bottleneck strides: `3x3` in the paper, `1x1` in Caffe's and Keras' weights. */
  readonly strideIn: '3x3' | '1x1';
}

/** Feature maps of one image, finest first; map `l` has 1 / 2^l of the image's rows and columns. */
export interface Pyramid {
  /** C2 to C5: [1, h/4, w/4, bottomUpChannels[0]] to [1, h/32, w/32, bottomUpChannels[3]], not negative. */
  readonly c: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
  /** P2 to P6: [1, h/4, w/4, pyramidChannels] to [1, ceil(h/64), ceil(w/64), pyramidChannels]. */
  readonly p: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D, Tensor4D];
}

/** Reads feature maps from an image. */
export interface Backbone {
  /**
   * Gives the maps of every stage and of the feature pyramid.
   * @param image - [1, h, w, 3] float32, normalised; h and w are multiples of 32.
   * @throws ShapeError if there is more than one image or a side is no multiple of 32.
   */
  extract(image: Tensor4D): Pyramid;
  /** Channels of C2 to C5. */
  readonly bottomUpChannels: readonly [number, number, number, number];
  /** Channels of P2 to P6. */
  readonly pyramidChannels: number;
}
