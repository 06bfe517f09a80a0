import { relu, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import {
  assertShape,
  conv2d,
  groupNorm,
  initialLogitsKernel,
  kaimingUniform,
  type ParamScope,
  resizeBilinear,
  transposedConv2d,
} from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import * as z from 'zod';
import { pyramidPooling } from './pyramid-pooling.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('jsis'),
    channels: z
      .int()
      .min(1)
      .describe('channels behind the pooling, a multiple of 4: 512 in Zhao et al., whose module it is'),
    groups: z
      .int()
      .min(1)
      .describe('groups of its group norms; divides `channels` and a quarter of the channels of C5'),
  })
  .describe('on C5 alone: pyramid pooling, 3x3, two transposed convolutions, 1x1, bilinear x8 (JSIS-Net)');

/** What two transposed convolutions leave to the bilinear step, of the 32 from C5 to the image. */
const LAST_STEP = 8;

/**
 * Reads C5 alone: pyramid pooling, a 3x3 convolution without bias, group norm, ReLU; then up by two 2x2 transposed
 * convolutions with ReLU, 1x1 to two classes, and bilinear x8.
 *
 * Parameters: `pooling`, `merge` (`conv`, `norm`), `enlarge1`, `enlarge2`, `classify`.
 * @remarks Source: de Geus et al. 2018 (JSIS-Net): pyramid pooling on the shared features, then learned and bilinear
 * enlargement together. How the two share the way is not published in numbers; halves of the channels, x4 and x8 are ours.
 */
class JsisHead implements SemanticHead {
  readonly #channels: number;
  readonly #logits: (c5: Tensor4D) => Tensor4D;

  constructor(scope: ParamScope, spec: SemanticHeadSpec, { channels, groups }: z.infer<typeof schema>) {
    const { bottomUpChannels, initialOutputs = 'published' } = spec;
    const c5Channels = bottomUpChannels[3];
    for (const [what, count] of [
      [`${channels} channels`, channels],
      [`${c5Channels / 4}, a quarter of the channels of C5`, c5Channels / 4],
    ] as const) {
      if (count % groups !== 0)
        throw new ConfigError(`semanticHead.groups: expected a divisor of ${what}, got ${groups}`);
    }
    if (channels % 4 !== 0) {
      throw new ConfigError(`semanticHead.channels: expected a multiple of 4, to be halved twice, got ${channels}`);
    }
    const pool = pyramidPooling(scope.child('pooling'), { channels: c5Channels, groups });
    const merge = scope.child('merge');
    const shape = { kernel: 3, inChannels: 2 * c5Channels, outChannels: channels, bias: false };
    const convolve = conv2d(merge.child('conv'), shape);
    const normalize = groupNorm(merge.child('norm'), { channels, groups });
    const [half, quarter] = [channels / 2, channels / 4];
    const enlarge1 = transposedConv2d(scope.child('enlarge1'), { inChannels: channels, outChannels: half });
    const enlarge2 = transposedConv2d(scope.child('enlarge2'), { inChannels: half, outChannels: quarter });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    const classify = conv2d(scope.child('classify'), { kernel: 1, inChannels: quarter, outChannels: 2, init });
    this.#channels = c5Channels;
    this.#logits = (c5) => {
      const merged = relu(normalize(convolve(pool(c5)))); // [1, h / 32, w / 32, channels]
      return classify(relu(enlarge2(relu(enlarge1(merged))))); // [1, h / 8, w / 8, 2]
    };
  }

  /** @throws ShapeError if C5 has other channels than the spec says. */
  predict({ c }: SemanticFeatures): Tensor4D {
    assertShape('predict', 'C5', c[3], [1, 'h', 'w', this.#channels]);
    return tidy(() => {
      const logits = this.#logits(c[3]);
      const [, height, width] = logits.shape;
      return resizeBilinear(logits, height * LAST_STEP, width * LAST_STEP);
    });
  }
}

/** {@link JsisHead}, for configs. */
export const jsis = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new JsisHead(scope, spec, config),
} satisfies SemanticHeadKind;
