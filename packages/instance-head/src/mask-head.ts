import type { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import type { MaskHeadConfig } from './config.ts';
import { deconvMaskHead } from './deconv-mask-head.ts';
import { dualMaskHead } from './dual-mask-head.ts';
import type { MaskHead } from './mask-trunk.ts';

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
