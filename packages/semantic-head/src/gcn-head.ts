import { add, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import {
  assertShape,
  type Conv2d,
  conv2d,
  initialLogitsKernel,
  kaimingUniform,
  type ParamScope,
  upsampleNearest,
} from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import * as z from 'zod';
import { largeKernelBlock } from './large-kernel-block.ts';
import { residualBlock } from './residual-block.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';

const schema = z
  .strictObject({
    kind: z.literal('gcn'),
    kernel: z.int().min(1).describe('length of the one-dimensional kernels, odd: 5 in the release, 15 in Peng et al.'),
    channels: z.int().min(1).describe('channels of every map behind the large kernels: 64 in the release'),
    groups: z.int().min(1).describe('groups of its group norms; divides `channels`'),
  })
  .describe('on C2 to C5: large kernels, residual blocks, sums from coarse to fine, 1x1, nearest x4 (PFFNet)');

/** One level's way to the decoder: a large receptive field, then a refinement; `merge` follows the top-down sum. */
interface Level {
  readonly read: (x: Tensor4D) => Tensor4D;
  readonly merge: (x: Tensor4D) => Tensor4D;
}

/**
 * Reads C2-C5 through large kernels and adds them from coarse to fine:
 * x5 = read(C5), then x = merge(nearest2(x) + read(C)) for C4, C3, C2, and logits = nearest4(conv1x1(x)).
 *
 * Parameters: `c2` to `c5` with `large-kernel` and `residual` (read) and, except for `c5`, `merge`; then `logits`.
 * @remarks Source: PFFNet, Fig. 3; Peng et al. 2017 (large kernels). Follows the released code, which has neither
 * norm nor ReLU in the large kernels and no ReLU in the residual blocks (sources.md row 19).
 */
class GcnHead implements SemanticHead {
  readonly #spec: SemanticHeadSpec;
  readonly #levels: readonly [Level, Level, Level];
  readonly #coarsest: Level['read'];
  readonly #logits: Conv2d;

  constructor(scope: ParamScope, spec: SemanticHeadSpec, { kernel, channels, groups }: z.infer<typeof schema>) {
    if (kernel % 2 !== 1) throw new ConfigError(`semanticHead.kernel: expected an odd number, got ${kernel}`);
    if (channels % groups !== 0) {
      throw new ConfigError(`semanticHead.groups: expected a divisor of ${channels} channels, got ${groups}`);
    }
    const reader = (name: string, inChannels: number): Level['read'] => {
      const widen = largeKernelBlock(scope.child(name).child('large-kernel'), { kernel, inChannels, channels });
      const refine = residualBlock(scope.child(name).child('residual'), { channels, groups });
      return (x) => refine(widen(x));
    };
    const level = (name: string, inChannels: number): Level => ({
      read: reader(name, inChannels),
      merge: residualBlock(scope.child(name).child('merge'), { channels, groups }),
    });
    const [c2, c3, c4, c5] = spec.bottomUpChannels;
    this.#spec = spec;
    this.#levels = [level('c2', c2), level('c3', c3), level('c4', c4)];
    this.#coarsest = reader('c5', c5);
    const init = initialLogitsKernel(spec.initialOutputs ?? 'published', kaimingUniform);
    this.#logits = conv2d(scope.child('logits'), { kernel: 1, inChannels: channels, outChannels: 2, init });
  }

  /** @throws ShapeError if a map has other channels than the spec says, or is not twice as large as the next. */
  predict({ c }: SemanticFeatures): Tensor4D {
    const [, height, width] = c[3].shape;
    c.forEach((map, index) => {
      const scale = 2 ** (3 - index);
      const channels = this.#spec.bottomUpChannels[index];
      assertShape('predict', `C${index + 2}`, map, [1, height * scale, width * scale, channels]);
    });
    return tidy(() => {
      const [c2, c3, c4, c5] = c;
      const [fine, middle, coarse] = this.#levels;
      let x = this.#coarsest(c5); // [1, h / 32, w / 32, channels]
      x = coarse.merge(add(upsampleNearest(x, 2), coarse.read(c4))); // [1, h / 16, w / 16, channels]
      x = middle.merge(add(upsampleNearest(x, 2), middle.read(c3))); // [1, h / 8, w / 8, channels]
      x = fine.merge(add(upsampleNearest(x, 2), fine.read(c2))); // [1, h / 4, w / 4, channels]
      return upsampleNearest(this.#logits(x), 4);
    });
  }
}

/** {@link GcnHead}, for configs. */
export const gcn = {
  schema,
  create: (scope: ParamScope, spec: SemanticHeadSpec, config: z.infer<typeof schema>): SemanticHead =>
    new GcnHead(scope, spec, config),
} satisfies SemanticHeadKind;
