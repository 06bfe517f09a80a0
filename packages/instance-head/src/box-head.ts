import { reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { dense, normal, type ParamScope, perOutput } from '@pffnet/tensor-ops';
import type { Kind } from '@pffnet/structures';
import * as z from 'zod';
import { denseBlock } from './dense-block.ts';

/** Cells along each side of the features that the box head reads. */
export const BOX_SIDE = 7;

/** What the box head says about each RoI. */
export interface BoxPrediction {
  /** [n, 2] logits: background, foreground. */
  readonly logits: Tensor2D;
  /** [n, 4] deltas (dy, dx, dh, dw) to the foreground object, weighted (10, 10, 5, 5). */
  readonly deltas: Tensor2D;
}

/** RoI features [n, 7, 7, channels] -> class and box of each. */
export type BoxHead = (features: Tensor4D) => BoxPrediction;

/** The box head's shape. */
export interface BoxHeadSpec {
  /** Channels of the pyramid. */
  readonly channels: number;
  /** Width of both fully connected layers. */
  readonly hidden: number;
  readonly groups: number;
  /** Logit of foreground against background before anything is learned; 0 by default. */
  readonly foregroundLogit?: number;
}

/**
 * Two fully connected layers, a class and a box.
 * @returns a function of RoI features [n, 7, 7, channels].
 * @remarks Source: Lin et al. 2017, section 4.2, with group norm as in the released code. The released code also predicts
 * deltas for the background class; no loss and no step reads them, so they are not built.
 */
export function boxHead(scope: ParamScope, { channels, hidden, groups, foregroundLogit = 0 }: BoxHeadSpec): BoxHead {
  const inputs = BOX_SIDE * BOX_SIDE * channels;
  const first = denseBlock(scope.child('first'), { inputs, outputs: hidden, groups });
  const second = denseBlock(scope.child('second'), { inputs: hidden, outputs: hidden, groups });
  const classify = dense(scope.child('logits'), {
    inputs: hidden,
    outputs: 2,
    init: normal(0.01),
    biasInit: perOutput(0, foregroundLogit),
  });
  const locate = dense(scope.child('deltas'), { inputs: hidden, outputs: 4, init: normal(0.001) });
  return (features) => {
    const described = second(first(reshape(features, [features.shape[0], inputs])));
    return { logits: classify(described), deltas: locate(described) };
  };
}

/** What the wiring knows about the box head. */
export type BoxHeadContext = Omit<BoxHeadSpec, 'hidden'>;

/** Everything about one kind of box head, in its own file; `box-heads.ts` lists them. */
export interface BoxHeadKind extends Kind {
  /** Channels of its layers with group norm, by name: their groups must divide them. */
  normalized(config: never): Readonly<Record<string, number>>;
  /** @param scope - where its parameters are declared. */
  create(scope: ParamScope, context: BoxHeadContext, config: never): BoxHead;
}

const schema = z
  .strictObject({
    // Configs that were written before there was a choice name no kind.
    kind: z.literal('connected').default('connected'),
    hidden: z.int().min(1).describe('width of the two fully connected layers; 1024 in the paper'),
  })
  .describe('two fully connected layers, a class and a box');

/** {@link boxHead}, for configs. */
export const connected = {
  schema,
  normalized: ({ hidden }: z.infer<typeof schema>) => ({ 'box.hidden': hidden }),
  create: (scope: ParamScope, context: BoxHeadContext, { hidden }: z.infer<typeof schema>) =>
    boxHead(scope, { ...context, hidden }),
} satisfies BoxHeadKind;
