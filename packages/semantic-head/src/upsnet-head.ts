import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import {
  type Conv2d,
  conv2d,
  deformableConv2d,
  groupNorm,
  initialLogitsKernel,
  kaimingUniform,
  type ParamScope,
} from '@pffnet/tensor-ops';
import * as z from 'zod';
import { checkGroups, enlarge, levelsOf, mergeLevels } from './levels.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('upsnet'),
    channels: z.int().min(1).describe('channels of its convolutions, but for the first'),
    groups: z.int().min(1).describe('groups of its group norms; divides `channels` and the channels of the pyramid'),
    // sources.md row 53
    convolution: z
      .enum(['deformable', 'plain'])
      .default('deformable')
      .describe('whether the taps of its 3x3 convolutions move, or stand on the grid'),
  })
  .describe('on P2 to P5: three 3x3 deformable convolutions that all levels share, stacked, 1x1, bilinear x4 (UPSNet)');

/**
 * Describes P2-P5 by the same three 3x3 convolutions (no bias, group norm, ReLU), the first as wide as the pyramid;
 * then logits = bilinear4(conv1x1(all levels stacked at the size of P2)).
 *
 * Parameters: `0`, `1`, `2` with `conv` and `norm`; then `classify`.
 * @remarks Source: Xiong et al. 2019, "UPSNet: a unified panoptic segmentation network", Section 3.1; sources.md row 53.
 */
class UpsnetHead implements SemanticHead {
  readonly #channels: number;
  readonly #layers: readonly ((x: Tensor4D) => Tensor4D)[];
  readonly #classify: Conv2d;

  constructor(scope: ParamScope, spec: SemanticHeadSpec, { channels, groups, convolution }: z.infer<typeof schema>) {
    const { pyramidChannels, initialOutputs = 'published' } = spec;
    checkGroups(channels, groups);
    checkGroups(pyramidChannels, groups);
    const widths = [pyramidChannels, pyramidChannels, channels, channels];
    this.#channels = pyramidChannels;
    this.#layers = [0, 1, 2].map((index) => {
      const at = scope.child(String(index));
      const shape = { inChannels: widths[index], outChannels: widths[index + 1] };
      const convolve =
        convolution === 'deformable'
          ? deformableConv2d(at.child('conv'), shape)
          : conv2d(at.child('conv'), { ...shape, kernel: 3, bias: false });
      const normalize = groupNorm(at.child('norm'), { channels: shape.outChannels, groups, activation: 'relu' });
      return (x: Tensor4D) => normalize(convolve(x));
    });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    this.#classify = conv2d(scope.child('classify'), { kernel: 1, inChannels: 4 * channels, outChannels: 2, init });
  }

  /** @throws ShapeError if a map has other channels than the spec says, or is not twice as large as the next. */
  predict(features: SemanticFeatures): Tensor4D {
    const levels = levelsOf(features, this.#channels);
    return tidy(() => {
      const described = levels.map((map) => this.#layers.reduce((x, layer) => layer(x), map));
      return enlarge(this.#classify(mergeLevels(described, 'concat')), 4);
    });
  }
}

/** {@link UpsnetHead}, for configs. */
export const upsnet = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new UpsnetHead(scope, spec, config),
} satisfies SemanticHeadKind;
