import type { ParamScope } from '@pffnet/tensor-ops';
import type { LabelMap, RandomStream, RgbImage } from '@pffnet/structures';
import type { Variable } from '@tensorflow/tfjs-core';
import type { LearningStep } from './learning-step.ts';
import type { NetworkConfig } from './network-config.ts';
import type { Click, Predictor } from './predictor.ts';

/** One image with the truth about its objects. Both have the same height and width. */
export interface LabelledImage {
  readonly image: RgbImage;
  readonly labels: LabelMap;
}

/** Gives the random stream of a purpose, such as `anchors`; one purpose, one stream per step. */
export type Streams = (purpose: string) => RandomStream;

/** One term of a network's loss. */
export interface LossTermSpec {
  /** In logs and TensorBoard: `mask`. No two terms of a network share a name. */
  readonly name: string;
  /** What the term is multiplied by in the total; 0 leaves it out of the total, and it is still logged. */
  readonly weight: number;
  /** The index of L in the paper, shown above the term's chart: `det-mask`. */
  readonly symbol: string;
  /** What the term teaches, in words for people: `instances: masks`. */
  readonly meaning: string;
}

/**
 * What training, tuning, prediction and reports know of a network. Its inner parts (anchors, distance maps, embeddings)
 * are not among it.
 */
export interface Network {
  /** Everything that built it; holds the keys of its family beside those that every network has. */
  readonly config: NetworkConfig;
  /** Owns every parameter; dispose it to free the network. */
  readonly scope: ParamScope;
  /** The parameters that the optimiser may change, by path. */
  readonly trainable: ReadonlyMap<string, Variable>;
  /** Paths of `trainable` by the part of the network that they belong to: every path in one group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Every term of the loss, in the order in which they are summed. */
  readonly terms: readonly LossTermSpec[];
  /** How a sample is learned from. Nothing is computed yet. */
  learn(sample: LabelledImage, streams: Streams): LearningStep;
  /**
   * Clicks that stand for a person's when a network is validated, tuned and tested that is told where objects are: drawn from
   * the truth, one per object. Absent for networks that find objects by themselves.
   */
  clicksFor?(labels: LabelMap): Click[];
  /** How images are read. */
  predictor(): Predictor;
}
