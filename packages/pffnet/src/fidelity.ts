import type { ConfigPatch, PffnetConfig } from './config.ts';

type Fidelity = PffnetConfig['fidelity'];

/**
 * The two readings of every point where the paper and the authors' released code differ (methods 2.8). `paper` follows
 * the text as methods 2.8 resolves it (row 37); `released-code` follows the code, its quirks included.
 */
export const fidelities: Readonly<Record<Fidelity, ConfigPatch>> = {
  paper: {
    fidelity: 'paper',
    geometry: 'continuous',
    backbone: { freezeStages: 0 },
    instanceHead: { mask: { repeatLastConv: false }, quality: { packing: 'space-to-depth' } },
    instanceSemantics: {
      fusion: { order: 'sigmoid-resize', channels: 'fg_only', detachMask: false, window: 'exact' },
    },
    loss: { alpha1: 0.1 },
    test: { dropCoveredAbove: 1 },
  },
  'released-code': {
    fidelity: 'released-code',
    geometry: 'legacy',
    backbone: { freezeStages: 2 },
    instanceHead: { mask: { repeatLastConv: true }, quality: { packing: 'view' } },
    instanceSemantics: {
      fusion: { order: 'resize-sigmoid', channels: 'both', detachMask: true, window: 'released-extent-swap' },
    },
    loss: { alpha1: 1 },
    test: { dropCoveredAbove: 0.7 },
  },
};
