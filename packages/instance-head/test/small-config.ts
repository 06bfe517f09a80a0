import type { InstanceHeadConfig } from '../src/config.ts';

/** The smallest instance branch that has every part: for a pyramid of 4 channels. */
export const smallConfig: InstanceHeadConfig = {
  anchors: { sizes: [8, 16, 32, 64, 128], ratios: [0.5, 1, 2] },
  proposals: {
    nms: 0.7,
    minSize: 0,
    train: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 30 },
    test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 30 },
  },
  anchorSampling: { count: 32, positiveFraction: 0.5, positiveIou: 0.7, negativeIou: 0.3 },
  roiSampling: { count: 8, positiveFraction: 0.25, iou: 0.5 },
  box: { kind: 'connected', hidden: 8 },
  mask: { kind: 'dual', channels: 4, repeatLastConv: false },
  quality: { kind: 'mask-quality', packing: 'space-to-depth', hidden: 8, negatives: 0 },
  groups: 2,
  chunk: 2,
  geometry: 'continuous',
};
