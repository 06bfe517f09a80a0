import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { type Conv2d, conv2d, initialLogitsKernel, kaimingUniform, type ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { checkGroups, enlarge, levelsOf, mergeLevels, mergeSchema, stage } from './levels.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('oanet'),
    channels: z.int().min(1).describe('channels of every convolution'),
    groups: z.int().min(1).describe('groups of its group norms; divides `channels`'),
    // sources.md row 50
    layers: z.int().min(1).default(3).describe('3x3 convolutions of each level'),
    merge: mergeSchema.default('sum').describe('whether the levels are added or stacked at the size of P2'),
  })
  .describe('on P2 to P5: per level 3x3 convolutions at its own size, all brought to P2, 1x1, bilinear x4 (OANet)');

/**
 * Describes P2-P5 level by level, each at its own size by `layers` 3x3 convolutions without bias, group norm and ReLU;
 * then logits = bilinear4(conv1x1(merge of all at the size of P2)).
 *
 * Parameters: `p2` to `p5` with layers `0`, `1`, ... of `conv` and `norm`; then `classify`.
 * @remarks Source: Liu et al. 2019, "An end-to-end network for panoptic segmentation" (OANet), the stuff branch; sources.md
 * row 50.
 */
class OanetHead implements SemanticHead {
  readonly #channels: number;
  readonly #levels: readonly ((x: Tensor4D) => Tensor4D)[];
  readonly #merge: z.infer<typeof mergeSchema>;
  readonly #classify: Conv2d;

  constructor(scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>) {
    const { pyramidChannels, initialOutputs = 'published' } = spec;
    const { channels, groups, layers, merge } = config;
    checkGroups(channels, groups);
    this.#channels = pyramidChannels;
    this.#merge = merge;
    this.#levels = [2, 3, 4, 5].map((level) => {
      const at = scope.child(`p${level}`);
      const stages = Array.from({ length: layers }, (_, index) =>
        stage(at.child(String(index)), { inChannels: index === 0 ? pyramidChannels : channels, channels, groups }),
      );
      return (p) => stages.reduce((x, run) => run(x), p);
    });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    const inChannels = merge === 'sum' ? channels : 4 * channels;
    this.#classify = conv2d(scope.child('classify'), { kernel: 1, inChannels, outChannels: 2, init });
  }

  /** @throws ShapeError if a map has other channels than the spec says, or is not twice as large as the next. */
  predict(features: SemanticFeatures): Tensor4D {
    const levels = levelsOf(features, this.#channels);
    return tidy(() => {
      const described = levels.map((map, level) => this.#levels[level](map));
      return enlarge(this.#classify(mergeLevels(described, this.#merge)), 4);
    });
  }
}

/** {@link OanetHead}, for configs. */
export const oanet = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new OanetHead(scope, spec, config),
} satisfies SemanticHeadKind;
