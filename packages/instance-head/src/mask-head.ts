import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import type { MaskHeadConfig } from './config.ts';
import { deconvMaskHead } from './deconv-mask-head.ts';
import { dualMaskHead } from './dual-mask-head.ts';

/** RoI features [n, 14, 14, c] -> mask logits [n, 28, 28, 2], background and foreground. */
export type MaskHead = (features: Tensor4D) => Tensor4D;

/** Picks the mask head. */
export function createMaskHead(
  scope: ParamScope,
  spec: { readonly inChannels: number; readonly groups: number },
  config: MaskHeadConfig,
): MaskHead {
  switch (config.kind) {
    case 'deconv':
      return deconvMaskHead(scope, { ...spec, channels: config.channels });
    case 'dual':
      return dualMaskHead(scope, { ...spec, channels: config.channels, repeatLastConv: config.repeatLastConv });
    default:
      throw new ConfigError(`instanceHead.mask.kind: expected deconv or dual, got ${String(config satisfies never)}`);
  }
}
