import type { SpatialRanking } from '@pffnet/fusion';
import type { LossTerms } from '@pffnet/network';
import type { Boxes, Size } from '@pffnet/structures';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { PixelSupervision } from '../pixel-supervision.ts';

/** What instances say of pixels: a second semantic prediction, which exists for training. */
export interface InstanceSemantics {
  /** Whether it reads the semantic branch, and cannot be without one. */
  readonly needsSemanticBranch: boolean;
  /** Whether masks are placed in boxes that the box head has refined; otherwise in the RoIs themselves. */
  readonly refinesBoxes: boolean;
  /** An order of instances that is learned here; null where none is. */
  readonly order: SpatialRanking | null;

  /** The pixels that instances say are foreground: [1, height, width, 2] logits, background first. */
  predict(instances: PlacedInstances): Tensor4D;

  /**
   * Begins a learning step: decides what no RoI is needed for. Called once per step, before RoIs are drawn.
   * @param p2 - rows and columns of P2.
   * @returns what gives the loss terms of the step once its instances are there.
   */
  begin(supervision: PixelSupervision, p2: Size): LearnPixels;
}

/** The loss terms of a step, by name and before weighting. */
export type LearnPixels = (instances: LearnedInstances) => LossTerms;

/** The instances of one image, and what they are seen on. */
export interface PlacedInstances {
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

/** The instances of a step, with what their losses compare. */
export interface LearnedInstances extends PlacedInstances {
  /** [1, height, width, 2] semantic logits without padding; null without a semantic branch. */
  readonly semanticOfImage: Tensor4D | null;
  /** Mask logits [n, s, s, 2] in other boxes of the image. */
  readonly maskLogitsIn: (boxes: Boxes) => Tensor4D;
}
