import type { Boxes, Geometry, Kind } from '@pffnet/structures';
import type { InitialOutputs, ParamScope } from '@pffnet/tensor-ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** What a semantic head reads: the backbone's maps of one image. */
export interface SemanticFeatures {
  /** C2-C5, [1, h / stride, w / stride, channels] at strides 4, 8, 16, 32. */
  readonly c: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
  /** P2-P6, [1, h / stride, w / stride, channels] at strides 4, 8, 16, 32, 64. */
  readonly p: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D, Tensor4D];
}

/** What the instance branch says of the same image, for semantic heads that listen to it. */
export interface InstanceFeatures {
  /** The proposal network's hidden layer on P2-P6, [1, h / stride, w / stride, channels of the pyramid]. */
  readonly proposals: readonly Tensor4D[];
  /** [n, s, s, 2] mask logits of RoIs, background first. */
  readonly maskLogits: Tensor4D;
  /** [n * 4] the RoIs in image pixels; may be empty. */
  readonly boxes: Boxes;
}

/** The semantic branch: which pixels are foreground, read from the whole image. */
export interface SemanticHead {
  /**
   * Predicts the class of every pixel.
   * @param features - maps of an image whose height h and width w are multiples of 32.
   * @param instances - read by heads that attend to instances alone.
   * @returns [1, h, w, 2] logits: channel 0 background, channel 1 foreground.
   */
  predict(features: SemanticFeatures, instances?: InstanceFeatures): Tensor4D;
}

/** What the wiring knows about the maps. */
export interface SemanticHeadSpec {
  /** Channels of C2-C5. */
  readonly bottomUpChannels: readonly [number, number, number, number];
  /** Channels of P2-P6. */
  readonly pyramidChannels: number;
  /** How boxes are read; `continuous` by default. */
  readonly geometry?: Geometry;
  /** Where the logits start; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/** Everything about one kind of semantic head, in its own file; `semantic-heads.ts` lists them. */
export interface SemanticHeadKind extends Kind {
  /**
   * @param scope - where its parameters are declared.
   * @throws ConfigError if a size is impossible; nothing is declared then.
   */
  create(scope: ParamScope, spec: SemanticHeadSpec, config: never): SemanticHead;
}
