import type { Kind } from '@pffnet/structures';
import type { InitialOutputs, ParamScope } from '@pffnet/tensor-ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** What a semantic head reads: the backbone's maps of one image. */
export interface SemanticFeatures {
  /** C2-C5, [1, h / stride, w / stride, channels] at strides 4, 8, 16, 32. */
  readonly c: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
  /** P2-P6, [1, h / stride, w / stride, channels] at strides 4, 8, 16, 32, 64. */
  readonly p: readonly [Tensor4D, Tensor4D, Tensor4D, Tensor4D, Tensor4D];
}

/** The semantic branch: which pixels are foreground, read from the whole image. */
export interface SemanticHead {
  /**
   * Predicts the class of every pixel.
   * @param features - maps of an image whose height h and width w are multiples of 32.
   * @returns [1, h, w, 2] logits: channel 0 background, channel 1 foreground.
   */
  predict(features: SemanticFeatures): Tensor4D;
}

/** What the wiring knows about the maps. */
export interface SemanticHeadSpec {
  /** Channels of C2-C5. */
  readonly bottomUpChannels: readonly [number, number, number, number];
  /** Channels of P2-P6. */
  readonly pyramidChannels: number;
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
