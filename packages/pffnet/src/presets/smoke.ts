import type { PffnetConfig } from '../config.ts';
import { vary } from '../vary.ts';
import { small } from './small.ts';

/**
 * Every branch of PFFNet small enough for tests and the demo: a quarter of ResNet-18's width, 128 x 128 patches, at most
 * 12 positive RoIs. About 2 GFLOP a step.
 */
export const smoke: PffnetConfig = vary(small, {
  preset: 'smoke',
  backbone: { width: 16, pyramidChannels: 32 },
  semanticHead: { kind: 'gcn', channels: 16 },
  instanceHead: {
    proposals: {
      train: { perLevelBeforeNms: 400, perLevelAfterNms: 200, total: 300 },
      test: { perLevelBeforeNms: 400, perLevelAfterNms: 200, total: 300 },
    },
    anchorSampling: { count: 128 },
    roiSampling: { count: 48, positiveFraction: 0.25 },
    box: { hidden: 128 },
    mask: { channels: 32 },
    quality: { hidden: 64 },
    chunk: 12,
  },
  training: {
    iterations: 600,
    learningRate: 0.02,
    warmup: { iterations: 30 },
    decay: { at: [0.75] },
    patch: { size: 128 },
    validateEvery: 200,
  },
  test: { minScore: 0.4 },
});
