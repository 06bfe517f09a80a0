import type { ConfigPatch } from './config.ts';

/** Nothing but the detector: what Mask R-CNN and Cell R-CNN have of PFFNet's instance branch. */
const plainDetector: ConfigPatch = {
  instanceHead: { mask: { kind: 'deconv' }, quality: { kind: 'none' } },
  instanceSemantics: { kind: 'none' },
};

/**
 * The networks that the paper compares, each as a patch on any preset: `vary(presets.small, variants['mask-rcnn'])`. All
 * else (backbone, widths, schedule, data, streams of random numbers) is the preset's, so that rows of a table differ in
 * nothing but what they are about. docs/networks.md tells what is known of each.
 */
export const variants = {
  /** PFFNet itself; Table IX d. */
  pffnet: {},

  /** Mask R-CNN (He et al. 2017) on the same backbone; as OGPan in Table VIII, of which only instances are scored. */
  'mask-rcnn': { ...plainDetector, semanticHead: { kind: 'none' } },
  /** Cell R-CNN (MICCAI 2018): Mask R-CNN and the semantic branch share a backbone, nothing else. */
  'cell-rcnn': plainDetector,
  /** Cell R-CNN V2 (IJCAI 2019): dual mask generator, and mask logits in place of the semantic map. */
  'cell-rcnn-v2': {
    instanceHead: { quality: { kind: 'none' } },
    instanceSemantics: { fusion: { kind: 'replacement', head: 'none', detachMask: false } },
    loss: { alpha2: 0 },
  },

  /** Panoptic FPN (Kirillov et al. 2019): Mask R-CNN and a semantic branch on the pyramid, as wide and weighed as there. */
  'panoptic-fpn': { ...plainDetector, semanticHead: { kind: 'panoptic-fpn', channels: 128 }, loss: { alpha1: 0.5 } },
  /** JSIS-Net (de Geus et al. 2018): Mask R-CNN and pyramid pooling on C5, on the same backbone as all others. */
  'jsis-net': { ...plainDetector, semanticHead: { kind: 'jsis', channels: 512 } },

  /** Table IX a. Logits are pasted with their gradient, also where the attention's is stopped (released code). */
  replacement: { instanceSemantics: { fusion: { kind: 'replacement', detachMask: false } } },
  /** Table IX b. */
  summation: { instanceSemantics: { fusion: { kind: 'summation', detachMask: false } } },
  /** Table IX c. */
  attention: { instanceSemantics: { fusion: { kind: 'attention' } } },
  /** Table X. */
  'no-quality': { instanceHead: { quality: { kind: 'none' } } },
  /** Table XI. */
  'no-consistency': { loss: { alpha2: 0 } },

  /** Not in the paper: the second semantic prediction is P2's own, masks take no part in it. */
  'no-fusion': { instanceSemantics: { fusion: { kind: 'none' } } },
  /** Not in the paper: the fused map alone is supervised, and there is nothing to be consistent with. */
  'no-semantic-branch': { semanticHead: { kind: 'none' } },
  /** Not in the paper: Mask R-CNN's mask head under all the rest. */
  'deconv-mask': { instanceHead: { mask: { kind: 'deconv' } } },
} satisfies Readonly<Record<string, ConfigPatch>>;

/** A network of the paper's tables, or one of ours beside them. */
export type VariantName = keyof typeof variants;

/** What tables call them. */
export const variantTitles: Readonly<Record<VariantName, string>> = {
  pffnet: 'PFFNet',
  'mask-rcnn': 'Mask R-CNN',
  'cell-rcnn': 'Cell R-CNN',
  'cell-rcnn-v2': 'Cell R-CNN V2',
  'panoptic-fpn': 'Panoptic FPN',
  'jsis-net': 'JSIS-Net',
  replacement: 'fusion: replacement',
  summation: 'fusion: summation',
  attention: 'fusion: attention',
  'no-quality': 'without quality',
  'no-consistency': 'without consistency',
  'no-fusion': 'without fusion',
  'no-semantic-branch': 'without semantic branch',
  'deconv-mask': 'deconvolution masks',
};
