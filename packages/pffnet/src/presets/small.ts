import type { PffnetConfig } from '../config.ts';
import { vary } from '../vary.ts';
import { paper } from './paper.ts';

/**
 * Every branch of PFFNet at a size that trains on a CPU: ResNet-18 at its own widths, pyramid and heads of 64 channels,
 * at most 32 positive RoIs, anchors of 8-128 pixels that nuclei can match. About 40 GFLOP a step at 256 x 256.
 */
export const small: PffnetConfig = vary(paper, {
  preset: 'small',
  backbone: { depth: 18, pyramidChannels: 64 },
  instanceHead: {
    anchors: { sizes: [8, 16, 32, 64, 128] },
    proposals: { test: { perLevelBeforeNms: 4000, perLevelAfterNms: 2000, total: 3000 } },
    roiSampling: { count: 128 },
    box: { hidden: 512 },
    mask: { channels: 64 },
    quality: { hidden: 256 },
    chunk: 32,
  },
  training: {
    iterations: 1500,
    learningRate: 0.005,
    warmup: { iterations: 100 },
    clipNorm: 10,
    patch: { perImage: 1 },
    validateEvery: 250,
  },
  test: { limit: null, tiles: { abovePixels: 800 * 800, size: 512, overlap: 128 } },
});
