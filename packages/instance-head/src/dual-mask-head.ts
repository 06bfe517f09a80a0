import { add, relu, reshape, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { conv2d, dense, inSequence, kaimingNormal, normal, type ParamScope, pixelShuffle } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { convBlock } from './conv-block.ts';
import {
  MASK_FEATURE_SIDE,
  MASK_SIDE,
  type MaskHead,
  type MaskHeadKind,
  type MaskHeadSpec,
  maskTrunk,
} from './mask-trunk.ts';

const schema = z
  .strictObject({
    kind: z.literal('dual'),
    channels: z
      .int()
      .min(1)
      .describe('channels of its convolutions; the path of the fully connected layer ends at half of them'),
    repeatLastConv: z.boolean().default(false).meta({
      description: 'whether the fourth trunk convolution runs twice before the convolutional path enlarges',
      released: true,
    }),
  })
  .describe("sub-pixel convolution plus a fully connected path, the paper's dual-model generator");

/** What the dual head needs to know besides its shape. */
export type DualMaskHeadSpec = MaskHeadSpec & Pick<z.infer<typeof schema>, 'repeatLastConv'>;

/**
 * The dual-model mask generator: logits of a convolutional path that enlarges by pixel shuffle, plus one map of a fully
 * connected path that sees the whole RoI, the same for both classes. The map ends in a ReLU: it can only add.
 * @remarks Source: PFFNet's released code (sources.md row P8); Liu et al. 2018 (PANet) for the fully connected path.
 */
export function dualMaskHead(scope: ParamScope, { repeatLastConv, ...spec }: DualMaskHeadSpec): MaskHead {
  const trunk = maskTrunk(scope.child('trunk'), spec);
  const see = inSequence(...trunk);
  const convolutional = convolutionalPath(scope.child('convolutional'), spec.channels);
  const connected = connectedPath(scope.child('connected'), spec);
  const enlarge = inSequence(...(repeatLastConv ? trunk.slice(-1) : []), convolutional);
  return (features) =>
    tidy((): Tensor4D => {
      const shared = see(features);
      return add(enlarge(shared), connected(shared));
    });
}

/** [n, 14, 14, channels] -> [n, 28, 28, 2]. */
function convolutionalPath(scope: ParamScope, channels: number): MaskHead {
  const shape = { kernel: 3, inChannels: channels, outChannels: 4 * channels, init: kaimingNormal };
  const enlarge = conv2d(scope.child('enlarge'), shape);
  const predict = conv2d(scope.child('logits'), {
    kernel: 1,
    inChannels: channels,
    outChannels: 2,
    init: normal(0.01),
  });
  return inSequence(enlarge, relu, (x) => pixelShuffle(x, 2), predict);
}

/** [n, 14, 14, channels] -> [n, 28, 28, 1], not negative. */
function connectedPath(scope: ParamScope, { channels, groups }: MaskHeadSpec): MaskHead {
  const narrow = channels / 2;
  const first = convBlock(scope.child('first'), { inChannels: channels, outChannels: channels, groups });
  const second = convBlock(scope.child('second'), { inChannels: channels, outChannels: narrow, groups });
  const inputs = MASK_FEATURE_SIDE ** 2 * narrow;
  const project = dense(scope.child('map'), { inputs, outputs: MASK_SIDE ** 2 });
  const narrowed = inSequence(first, second);
  return (x) =>
    tidy((): Tensor4D => {
      const flat: Tensor2D = reshape(narrowed(x), [x.shape[0], inputs]);
      return reshape(relu(project(flat)), [x.shape[0], MASK_SIDE, MASK_SIDE, 1]);
    });
}

/** {@link dualMaskHead}, for configs. */
export const dual = {
  schema,
  normalized: ({ channels }: z.infer<typeof schema>) => ({
    'mask.channels': channels,
    'mask.channels / 2': channels / 2,
  }),
  create: (
    scope: ParamScope,
    spec: Omit<MaskHeadSpec, 'channels'>,
    { channels, repeatLastConv }: z.infer<typeof schema>,
  ) => dualMaskHead(scope, { ...spec, channels, repeatLastConv }),
} satisfies MaskHeadKind;
