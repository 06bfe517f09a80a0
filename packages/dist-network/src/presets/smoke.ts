import type { DistConfig } from '../config.ts';
import { small } from './small.ts';

/** Small enough for tests and the demo: 8 channels, three poolings, 128 x 128 patches. About 1 GFLOP a step. */
export const smoke: DistConfig = {
  ...small,
  preset: 'smoke',
  unet: { width: 8, depth: 3, groups: 4 },
  training: {
    ...small.training,
    iterations: 600,
    warmup: { iterations: 30, factor: 1 / 3 },
    patch: { size: 128, perImage: 1 },
    validateEvery: 200,
  },
};
