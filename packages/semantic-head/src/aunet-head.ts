import { sigmoid, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import {
  type Conv2d,
  conv2d,
  foregroundLogits,
  initialLogitsKernel,
  kaimingUniform,
  type ParamScope,
  roiUpsample,
} from '@pffnet/tensor-ops';
import { type Geometry, ShapeError } from '@pffnet/structures';
import * as z from 'zod';
import { type BackgroundAttention, backgroundAttention } from './background-attention.ts';
import { checkGroups, enlarge, levelsOf, mergeLevels, stage } from './levels.ts';
import type {
  InstanceFeatures,
  SemanticFeatures,
  SemanticHead,
  SemanticHeadKind,
  SemanticHeadSpec,
} from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('aunet'),
    channels: z.int().min(1).describe('channels of every convolution'),
    groups: z.int().min(1).describe('groups of its group norms; divides `channels`'),
    // sources.md row 52
    layers: z.int().min(1).default(3).describe('3x3 convolutions of each level'),
    scatter: z
      .enum(['probabilities', 'logits'])
      .default('probabilities')
      .describe('what the mask attention reads of each mask'),
  })
  .describe(
    'on P2 to P5: per level 3x3 convolutions and attention to where proposals see no object; their sum, attention to where masks see none, 1x1, bilinear x4 (AUNet)',
  );

/** Image pixels along each side of a cell of P2. */
const P2_STRIDE = 4;

/**
 * Describes P2-P5 by `layers` 3x3 convolutions each (no bias, group norm, ReLU), raised where the proposal network's hidden
 * layer on that level sees no object; adds them at the size of P2; raises the sum where the masks, written back to their
 * boxes, see no object; then logits = bilinear4(conv1x1(sum)).
 *
 * Parameters: `p2` to `p5` with layers `0`, `1`, ... of `conv` and `norm` and `attention`; then `masks`, `classify`.
 * @remarks Source: Li et al. 2019, "Attention-guided unified network for panoptic segmentation" (AUNet); sources.md row 52.
 */
class AunetHead implements SemanticHead {
  readonly #channels: number;
  readonly #geometry: Geometry;
  readonly #scatter: z.infer<typeof schema>['scatter'];
  readonly #levels: readonly ((p: Tensor4D, proposals: Tensor4D) => Tensor4D)[];
  readonly #attendToMasks: BackgroundAttention;
  readonly #classify: Conv2d;

  constructor(
    scope: ParamScope,
    spec: SemanticHeadSpec,
    { channels, groups, layers, scatter }: z.infer<typeof schema>,
  ) {
    const { pyramidChannels, geometry = 'continuous', initialOutputs = 'published' } = spec;
    checkGroups(channels, groups);
    this.#channels = pyramidChannels;
    this.#geometry = geometry;
    this.#scatter = scatter;
    this.#levels = [2, 3, 4, 5].map((level) => {
      const at = scope.child(`p${level}`);
      const stages = Array.from({ length: layers }, (_, index) =>
        stage(at.child(String(index)), { inChannels: index === 0 ? pyramidChannels : channels, channels, groups }),
      );
      const attention = { objectChannels: pyramidChannels, channels, groups };
      const attend = backgroundAttention(at.child('attention'), attention);
      return (p, proposals) =>
        attend(
          stages.reduce((x, run) => run(x), p),
          proposals,
        );
    });
    this.#attendToMasks = backgroundAttention(scope.child('masks'), { objectChannels: 1, channels, groups });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    this.#classify = conv2d(scope.child('classify'), { kernel: 1, inChannels: channels, outChannels: 2, init });
  }

  /** @throws ShapeError without instances, or if a map has other channels than the spec says or does not fit the next. */
  predict(features: SemanticFeatures, instances?: InstanceFeatures): Tensor4D {
    if (instances === undefined) throw new ShapeError('predict: expected proposals and masks to attend to, got none');
    const levels = levelsOf(features, this.#channels);
    const { proposals } = instances;
    return tidy(() => {
      const described = levels.map((map, level) => this.#levels[level](map, proposals[level]));
      const attended = this.#attendToMasks(mergeLevels(described, 'sum'), this.#masksOn(levels[0], instances));
      return enlarge(this.#classify(attended), 4);
    });
  }

  /** [1, h, w, 1] what the masks say of the cells of P2, 0 where there is none. */
  #masksOn({ shape: [, height, width] }: Tensor4D, { maskLogits, boxes }: InstanceFeatures): Tensor4D {
    const logits = foregroundLogits(maskLogits);
    const spec = { size: { height, width }, stride: P2_STRIDE, geometry: this.#geometry };
    return roiUpsample(this.#scatter === 'logits' ? logits : sigmoid(logits), boxes, spec);
  }
}

/** {@link AunetHead}, for configs. */
export const aunet = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new AunetHead(scope, spec, config),
} satisfies SemanticHeadKind;
