import { concat, reshape, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core';
import { constant, dense, inSequence, normal, type ParamScope } from '@pffnet/tensor-ops';
import type { Kind } from '@pffnet/structures';
import * as z from 'zod';
import { convBlock } from './conv-block.ts';
import { denseBlock } from './dense-block.ts';
import { MASK_FEATURE_SIDE } from './mask-trunk.ts';
import { MASK_PACKINGS, type MaskPacking, packedChannels, packMask } from './pack-mask.ts';

/** The quality head's shape. */
export interface QualityHeadSpec {
  /** Channels of the pyramid, and of the head's convolutions. */
  readonly channels: number;
  /** Width of both fully connected layers. */
  readonly hidden: number;
  readonly groups: number;
  readonly packing: MaskPacking;
  /** Quality that every mask is thought to have before anything is learned; 0 by default. */
  readonly initialQuality?: number;
}

/** RoI features [n, 14, 14, c] and foreground probabilities [n, 28, 28, 1] -> predicted mask quality [n], unbounded. */
export type QualityHead = (features: Tensor4D, probabilities: Tensor4D) => Tensor1D;

/**
 * Predicts how well each mask fits its object, from the RoI's features beside the mask itself. Gradients reach both.
 * @remarks Source: PFFNet, Table I; the fully connected layers have group norm as in the released code, which also has an
 * output for the background class that nothing reads.
 */
export function qualityHead(scope: ParamScope, spec: QualityHeadSpec): QualityHead {
  const { channels, hidden, groups, packing, initialQuality = 0 } = spec;
  const inChannels = channels + packedChannels(packing);
  const see = inSequence(
    convBlock(scope.child('first'), { inChannels, outChannels: channels, groups }),
    convBlock(scope.child('second'), { inChannels: channels, outChannels: channels, groups }),
    convBlock(scope.child('third'), { inChannels: channels, outChannels: channels, groups }),
    convBlock(scope.child('fourth'), { inChannels: channels, outChannels: channels, stride: 2, groups }),
  );
  const inputs = (MASK_FEATURE_SIDE / 2) ** 2 * channels;
  const connected = denseBlock(scope.child('connected1'), { inputs, outputs: hidden, groups });
  const connectedAgain = denseBlock(scope.child('connected2'), { inputs: hidden, outputs: hidden, groups });
  const predict = dense(scope.child('quality'), {
    inputs: hidden,
    outputs: 1,
    init: normal(0.01),
    biasInit: constant(initialQuality),
  });
  return (features, probabilities): Tensor1D => {
    const count = features.shape[0];
    const joined: Tensor4D = concat([features, packMask(probabilities, packing)], 3); // [n, 14, 14, inChannels]
    const seen = see(joined); // [n, 7, 7, channels]
    return reshape(predict(connectedAgain(connected(reshape(seen, [count, inputs])))), [count]);
  };
}

/** What the wiring knows about the quality head. */
export type QualityHeadContext = Omit<QualityHeadSpec, 'hidden' | 'packing'>;

/** Everything about one kind of quality head, in its own file; `quality-heads.ts` lists them. */
export interface QualityHeadKind extends Kind {
  /** Channels of its layers with group norm, by name: their groups must divide them. */
  normalized(config: never, pyramidChannels: number): Readonly<Record<string, number>>;
  /** @param scope - where its parameters are declared. */
  create(scope: ParamScope, context: QualityHeadContext, config: never): QualityHead;
}

const schema = z
  .strictObject({
    kind: z.literal('mask-quality'),
    // sources.md row 11
    packing: z.enum(MASK_PACKINGS).default('space-to-depth').meta({
      description:
        'how the 28 x 28 mask joins the 14 x 14 features: four pixels per cell, rows of memory, or the largest',
      released: 'view',
    }),
    hidden: z.int().min(1).describe('width of its two fully connected layers; 1024 in the paper'),
    // sources.md row 14
    negatives: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'RoIs without an object that it learns from, for each positive one: their masks are worth 0; 0 in the paper',
      ),
  })
  .describe('convolutions over features and mask, then two fully connected layers (Table I)');

/** {@link qualityHead}, for configs. */
export const maskQuality = {
  schema,
  normalized: ({ hidden }: z.infer<typeof schema>, pyramidChannels: number) => ({
    'quality.hidden': hidden,
    'quality (as wide as the pyramid)': pyramidChannels,
  }),
  create: (scope: ParamScope, context: QualityHeadContext, { hidden, packing }: z.infer<typeof schema>) =>
    qualityHead(scope, { ...context, hidden, packing }),
} satisfies QualityHeadKind;
