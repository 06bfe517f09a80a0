import { addN, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { type Conv2d, conv2d, initialLogitsKernel, kaimingUniform, type ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { checkGroups, enlarge, levelsOf, stage } from './levels.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('panoptic-fpn'),
    channels: z.int().min(1).describe('channels of every convolution: 128 in Kirillov et al.'),
    groups: z.int().min(1).describe('groups of its group norms; divides `channels`'),
  })
  .describe(
    'on P2 to P5: per level 3x3, group norm, ReLU and bilinear x2 up to the size of P2; the sum, 1x1, bilinear x4 (Panoptic FPN)',
  );

/** Doublings of size that a level needs to reach P2. */
const DOUBLINGS = [0, 1, 2, 3] as const;

/**
 * Brings P2-P5 to the size of P2 and adds them: every level doubles in stages of a 3x3 convolution without bias, group
 * norm, ReLU and a bilinear x2, P2 has one such stage without the x2; then logits = bilinear4(conv1x1(sum)).
 *
 * Parameters: `p2` to `p5` with stages `0`, `1`, ... of `conv` and `norm`; then `classify`.
 * @remarks Source: Kirillov et al. 2019, "Panoptic feature pyramid networks", Section 4 and Fig. 3.
 */
class PanopticFpnHead implements SemanticHead {
  readonly #channels: number;
  readonly #levels: readonly ((x: Tensor4D) => Tensor4D)[];
  readonly #classify: Conv2d;

  constructor(scope: ParamScope, spec: SemanticHeadSpec, { channels, groups }: z.infer<typeof schema>) {
    const { pyramidChannels, initialOutputs = 'published' } = spec;
    checkGroups(channels, groups);
    this.#channels = pyramidChannels;
    this.#levels = DOUBLINGS.map((doublings, level) => {
      const at = scope.child(`p${level + 2}`);
      const stages = Array.from({ length: Math.max(1, doublings) }, (_, index) =>
        stage(at.child(String(index)), { inChannels: index === 0 ? pyramidChannels : channels, channels, groups }),
      );
      return (p) => stages.reduce((x, run) => (doublings === 0 ? run(x) : enlarge(run(x), 2)), p);
    });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    this.#classify = conv2d(scope.child('classify'), { kernel: 1, inChannels: channels, outChannels: 2, init });
  }

  /** @throws ShapeError if a map has other channels than the spec says, or is not twice as large as the next. */
  predict(features: SemanticFeatures): Tensor4D {
    const levels = levelsOf(features, this.#channels);
    return tidy(() => enlarge(this.#classify(addN(this.#levels.map((bring, level) => bring(levels[level])))), 4));
  }
}

/** {@link PanopticFpnHead}, for configs. */
export const panopticFpn = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new PanopticFpnHead(scope, spec, config),
} satisfies SemanticHeadKind;
