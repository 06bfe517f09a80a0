import type { DistConfig } from '../config.ts';
import { paper } from './paper.ts';

/**
 * A U-Net that costs a step what PFFNet's preset `small` does: 24 channels, four poolings, 4,368,073 parameters, about 40
 * GFLOP a step at 256 x 256.
 */
export const small: DistConfig = {
  ...paper,
  preset: 'small',
  unet: { width: 24, depth: 4, groups: 8 },
  training: {
    ...paper.training,
    iterations: 1500,
    warmup: { iterations: 100, factor: 1 / 3 },
    patch: { size: 256, perImage: 1 },
    validateEvery: 250,
  },
  test: { ...paper.test, tiles: { abovePixels: 800 * 800, size: 512, overlap: 128 } },
};
