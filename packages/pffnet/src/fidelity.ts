import type { ConfigPatch, PffnetConfig } from './config.ts';
import { vary } from './vary.ts';

/** A way to read the points where the paper and the authors' released code differ. */
export type Fidelity = PffnetConfig['fidelity'];

type Mask = PffnetConfig['instanceHead']['mask'];
type Quality = PffnetConfig['instanceHead']['quality'];
type Fusion = Extract<PffnetConfig['instanceSemantics'], { kind: 'pyramid-map' }>['fusion'];

/** For each kind of a module, the switches that a reading turns. */
type ByKind<Module extends { kind: string }> = {
  readonly [Kind in Module['kind']]: Partial<Omit<Extract<Module, { kind: Kind }>, 'kind'>>;
};

/** What one reading says: of every network, and of single kinds of modules. */
interface Reading {
  readonly always: ConfigPatch;
  readonly mask: ByKind<Mask>;
  readonly quality: ByKind<Quality>;
  readonly fusion: ByKind<Fusion>;
}

const attentionOfPaper = {
  detachMask: false,
  window: 'exact',
  order: 'sigmoid-resize',
  channels: 'fg_only',
} as const;

const attentionOfRelease = {
  detachMask: true,
  window: 'released-extent-swap',
  order: 'resize-sigmoid',
  channels: 'both',
} as const;

/** Logits are pasted with their gradient in both readings. */
const logitsOfPaper = { detachMask: false, window: 'exact' } as const;
const logitsOfRelease = { detachMask: false, window: 'released-extent-swap' } as const;

/**
 * The two readings of every point where the paper and the authors' released code differ (docs/sources.md). `paper` follows
 * the text as sources.md row 37 resolves it; `released-code` follows the code, its quirks included. The release has
 * neither summation nor plain attention: they are read like the fusions that they resemble.
 */
const readings: Readonly<Record<Fidelity, Reading>> = {
  paper: {
    always: {
      fidelity: 'paper',
      geometry: 'continuous',
      backbone: { freezeStages: 0 },
      loss: { alpha1: 0.1 },
      test: { dropCoveredAbove: 1 },
    },
    mask: { deconv: {}, dual: { repeatLastConv: false } },
    quality: { none: {}, 'mask-quality': { packing: 'space-to-depth' } },
    fusion: {
      none: {},
      replacement: logitsOfPaper,
      summation: logitsOfPaper,
      attention: attentionOfPaper,
      'residual-attention': attentionOfPaper,
    },
  },
  'released-code': {
    always: {
      fidelity: 'released-code',
      geometry: 'legacy',
      backbone: { freezeStages: 2 },
      loss: { alpha1: 1 },
      test: { dropCoveredAbove: 0.7 },
    },
    mask: { deconv: {}, dual: { repeatLastConv: true } },
    quality: { none: {}, 'mask-quality': { packing: 'view' } },
    fusion: {
      none: {},
      replacement: logitsOfRelease,
      summation: logitsOfRelease,
      attention: attentionOfRelease,
      'residual-attention': attentionOfRelease,
    },
  },
};

/** A config with every switch of a reading turned that its modules have. */
export function readAs(fidelity: Fidelity, config: PffnetConfig): PffnetConfig {
  const { always, mask, quality, fusion } = readings[fidelity];
  const { instanceHead, instanceSemantics } = config;
  return vary(vary(config, always), {
    instanceHead: { mask: mask[instanceHead.mask.kind], quality: quality[instanceHead.quality.kind] },
    instanceSemantics: instanceSemantics.kind === 'none' ? {} : { fusion: fusion[instanceSemantics.fusion.kind] },
  });
}
