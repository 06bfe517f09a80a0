import type { FamilyVariant } from '@pffnet/network';
import type { ConfigPatch } from './config.ts';

/** Nothing but the detector: what Mask R-CNN and Cell R-CNN have of PFFNet's instance branch. */
const plainDetector: ConfigPatch = {
  instanceHead: { mask: { kind: 'deconv' }, quality: { kind: 'none' } },
  instanceSemantics: { kind: 'none' },
};

/**
 * The networks that the paper compares, and ours beside them: each has a title for tables, the rows of the paper where it
 * stands, and a patch on any preset. All else (backbone, widths, schedule, data, streams of random numbers) is the
 * preset's, so that rows of a table differ in nothing but what they are about. docs/networks.md tells what is known of
 * each.
 */
export const namedNetworks = {
  pffnet: { title: 'PFFNet', rows: 'PFFNet everywhere; IX (d)', patch: {} },
  // He et al. 2017 on the same backbone. OGPan trains two networks apart, and only its instances are scored: this one.
  'mask-rcnn': {
    title: 'Mask R-CNN',
    rows: 'II, IV-VI Mask R-CNN; VIII OGPan',
    patch: { ...plainDetector, semanticHead: { kind: 'none' } },
  },
  // MICCAI 2018: Mask R-CNN and the semantic branch share a backbone, nothing else.
  'cell-rcnn': { title: 'Cell R-CNN', rows: 'II, IV-VI Cell R-CNN', patch: plainDetector },
  // IJCAI 2019: dual mask generator, and mask logits in place of the semantic map.
  'cell-rcnn-v2': {
    title: 'Cell R-CNN V2',
    rows: 'II, IV-VI, XII Cell R-CNN V2',
    patch: {
      instanceHead: { quality: { kind: 'none' } },
      instanceSemantics: { fusion: { kind: 'replacement', head: 'none', detachMask: false } },
      loss: { alpha2: 0 },
    },
  },
  // Kirillov et al. 2019: Mask R-CNN and a semantic branch on the pyramid, as wide and weighed as there.
  'panoptic-fpn': {
    title: 'Panoptic FPN',
    rows: 'VIII PanFPN',
    patch: { ...plainDetector, semanticHead: { kind: 'panoptic-fpn', channels: 128 }, loss: { alpha1: 0.5 } },
  },
  // De Geus et al. 2018: Mask R-CNN and pyramid pooling on C5, on the same backbone as all others.
  'jsis-net': {
    title: 'JSIS-Net',
    rows: 'VIII JSISNet',
    patch: { ...plainDetector, semanticHead: { kind: 'jsis', channels: 512 } },
  },
  // Li et al. 2019: a semantic branch that looks where proposals and masks see no object.
  aunet: {
    title: 'AUNet',
    rows: 'VIII AUNet',
    patch: { ...plainDetector, semanticHead: { kind: 'aunet', channels: 128 }, loss: { alpha1: 0.3 } },
  },
  // Xiong et al. 2019: a semantic branch of deformable convolutions, and a panoptic head without parameters.
  upsnet: {
    title: 'UPSNet',
    rows: 'VIII UPSNet',
    patch: {
      ...plainDetector,
      semanticHead: { kind: 'upsnet', channels: 128 },
      instanceSemantics: { kind: 'panoptic' },
      loss: { alpha1: 0.2, rois: 0.04 },
    },
  },
  // Liu et al. 2019: a semantic branch on the pyramid, and instances painted in a learned order.
  oanet: {
    title: 'OANet',
    rows: 'VIII OANet',
    patch: {
      ...plainDetector,
      semanticHead: { kind: 'oanet', channels: 128 },
      instanceSemantics: { kind: 'spatial-ranking' },
      loss: { alpha1: 0.25 },
    },
  },
  // Logits are pasted with their gradient, also where the attention's is stopped (released code).
  replacement: {
    title: 'fusion: replacement',
    rows: 'IX (a)',
    patch: { instanceSemantics: { fusion: { kind: 'replacement', detachMask: false } } },
  },
  summation: {
    title: 'fusion: summation',
    rows: 'IX (b)',
    patch: { instanceSemantics: { fusion: { kind: 'summation', detachMask: false } } },
  },
  attention: {
    title: 'fusion: attention',
    rows: 'IX (c)',
    patch: { instanceSemantics: { fusion: { kind: 'attention' } } },
  },
  'no-quality': {
    title: 'without quality',
    rows: 'X without mask quality',
    patch: { instanceHead: { quality: { kind: 'none' } } },
  },
  'no-consistency': { title: 'without consistency', rows: 'XI without consistency', patch: { loss: { alpha2: 0 } } },
  // The second semantic prediction is P2's own, masks take no part in it.
  'no-fusion': { title: 'without fusion', patch: { instanceSemantics: { fusion: { kind: 'none' } } } },
  // The fused map alone is supervised, and there is nothing to be consistent with.
  'no-semantic-branch': { title: 'without semantic branch', patch: { semanticHead: { kind: 'none' } } },
  // Mask R-CNN's mask head under all the rest.
  'deconv-mask': { title: 'deconvolution masks', patch: { instanceHead: { mask: { kind: 'deconv' } } } },
} satisfies Readonly<Record<string, FamilyVariant & { readonly patch: ConfigPatch }>>;

/** A network of the paper's tables, or one of ours beside them. */
export type VariantName = keyof typeof namedNetworks;

/** What each network changes in any preset: `vary(presets.small, variants['mask-rcnn'])`. */
export const variants = Object.fromEntries(
  Object.entries(namedNetworks).map(([name, { patch }]) => [name, patch]),
) as Readonly<Record<VariantName, ConfigPatch>>;
