import { fusionReadings } from '@pffnet/fusion';
import type { ConfigPatch, PffnetConfig } from './config.ts';
import { vary } from './vary.ts';

/** A way to read the points where the paper and the authors' released code differ. */
export type Fidelity = PffnetConfig['fidelity'];

type Mask = PffnetConfig['instanceHead']['mask'];
type Quality = PffnetConfig['instanceHead']['quality'];

/** For each kind of a module, the switches that a reading turns. */
type ByKind<Module extends { kind: string }> = {
  readonly [Kind in Module['kind']]: Partial<Omit<Extract<Module, { kind: Kind }>, 'kind'>>;
};

/** What one reading says: of every network, and of single kinds of modules. */
interface Reading {
  readonly always: ConfigPatch;
  readonly mask: ByKind<Mask>;
  readonly quality: ByKind<Quality>;
}

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
  },
};

/** A config with every switch of a reading turned that its modules have. */
export function readAs(fidelity: Fidelity, config: PffnetConfig): PffnetConfig {
  const { always, mask, quality } = readings[fidelity];
  const { instanceHead, instanceSemantics } = config;
  return vary(vary(config, always), {
    instanceHead: { mask: mask[instanceHead.mask.kind], quality: quality[instanceHead.quality.kind] },
    instanceSemantics:
      instanceSemantics.kind === 'none' ? {} : { fusion: fusionReadings(instanceSemantics.fusion)[fidelity] },
  });
}
