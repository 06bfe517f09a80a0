import { type ConfigPatch, variants as shipped } from '@pffnet/pffnet';
import type { Variant } from './matrix.ts';

const titles: Readonly<Record<string, string>> = {
  pffnet: 'PFFNet',
  'mask-rcnn': 'Mask R-CNN',
  'cell-rcnn': 'Cell R-CNN',
  'cell-rcnn-v2': 'Cell R-CNN V2',
  'panoptic-fpn': 'Panoptic FPN',
  'jsis-net': 'JSIS-Net',
  aunet: 'AUNet',
  upsnet: 'UPSNet',
  oanet: 'OANet',
  replacement: 'fusion: replacement',
  summation: 'fusion: summation',
  attention: 'fusion: attention',
  'no-quality': 'without quality',
  'no-consistency': 'without consistency',
  'no-fusion': 'without fusion',
  'no-semantic-branch': 'without semantic branch',
  'deconv-mask': 'deconvolution masks',
};

/** The networks that are built, in the order of the paper's tables. */
export const builtVariants: readonly Variant[] = Object.entries(shipped as Readonly<Record<string, ConfigPatch>>).map(
  ([name, patch]) => ({ name, title: titles[name] ?? name, patches: [patch] }),
);

/** @returns the network of that name, or undefined where it is not built. */
export const builtVariant = (name: string): Variant | undefined => builtVariants.find((known) => known.name === name);
