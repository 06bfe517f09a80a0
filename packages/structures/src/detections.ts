import type { Boxes } from './boxes.ts';

/** What the network found in one image, as plain arrays: everything after this point works without TensorFlow. */
export interface Detections {
  readonly count: number;
  /** [count * 4] (y1, x1, y2, x2) in image pixels. */
  readonly boxes: Boxes;
  /** [count] probability of the foreground class, 0..1. */
  readonly classScores: Float32Array;
  /** [count] predicted mask quality clamped to 0..1, or null for a network without the quality branch. */
  readonly qualities: Float32Array | null;
  /** [count] place in the order of painting, 0..1, the first highest; absent for a network that learns no order. */
  readonly ranks?: Float32Array;
  /** Rows and columns of each mask. */
  readonly maskSide: number;
  /** [count * maskSide * maskSide] foreground probability over the box, 0..1. */
  readonly masks: Float32Array;
}
