import type { Tensor4D } from '@tensorflow/tfjs-core';

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
