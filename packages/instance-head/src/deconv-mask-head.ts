import { relu } from '@tensorflow/tfjs-core';
import { conv2d, inSequence, normal, type ParamScope, transposedConv2d } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { type MaskHead, type MaskHeadKind, type MaskHeadSpec, maskTrunk } from './mask-trunk.ts';

/**
 * Mask R-CNN's mask head: four convolutions, a transposed one, a 1x1 one.
 * @remarks Source: He et al. 2017, figure 4, with group norm.
 */
export function deconvMaskHead(scope: ParamScope, spec: MaskHeadSpec): MaskHead {
  const { channels } = spec;
  const trunk = maskTrunk(scope.child('trunk'), spec);
  const enlarge = transposedConv2d(scope.child('enlarge'), { inChannels: channels, outChannels: channels });
  const predict = conv2d(scope.child('logits'), {
    kernel: 1,
    inChannels: channels,
    outChannels: 2,
    init: normal(0.01),
  });
  return inSequence(...trunk, enlarge, relu, predict);
}

const schema = z
  .strictObject({
    kind: z.literal('deconv'),
    channels: z.int().min(1).describe('channels of its convolutions'),
  })
  .describe("four convolutions and a transposed one, Mask R-CNN's");

/** {@link deconvMaskHead}, for configs. */
export const deconv = {
  schema,
  normalized: ({ channels }: z.infer<typeof schema>) => ({ 'mask.channels': channels }),
  create: (scope: ParamScope, spec: Omit<MaskHeadSpec, 'channels'>, { channels }: z.infer<typeof schema>) =>
    deconvMaskHead(scope, { ...spec, channels }),
} satisfies MaskHeadKind;
