import type { PffnetConfig } from '../config.ts';
import { vary } from '../vary.ts';
import { paper } from './paper.ts';

/**
 * Every branch of PFFNet at a size that trains on a CPU: ResNet-18 at its own widths, pyramid and heads of 64 channels,
 * at most 32 positive RoIs. About 40 GFLOP a step at 256 x 256.
 * Anchors are those that nuclei can match (`data check`: 97 % of TNBC's at IoU 0.5, where 8-128 match 79 %). Groups of
 * 8 channels are the paper's, whose 32 groups divide 256: with pairs of channels the norm would be almost one of each
 * channel by itself. The rate is twice the paper's and drops earlier and twice: 1,500 steps learn more, and end calmly. Of
 * 256 RoIs an eighth is positive: as many masks as of 128, and more of the background whose tissue looks like nuclei.
 */
export const small: PffnetConfig = vary(paper, {
  preset: 'small',
  initialOutputs: 'informed',
  backbone: { depth: 18, pyramidChannels: 64, norm: { kind: 'group', groups: 8 } },
  semanticHead: { kind: 'gcn', groups: 8 },
  instanceHead: {
    anchors: { sizes: [12, 24, 48, 96, 192] },
    proposals: { test: { perLevelBeforeNms: 4000, perLevelAfterNms: 2000, total: 3000 } },
    roiSampling: { count: 256, positiveFraction: 0.125 },
    box: { hidden: 512 },
    mask: { channels: 64 },
    quality: { hidden: 256 },
    groups: 8,
    chunk: 32,
  },
  training: {
    iterations: 1500,
    learningRate: 0.006,
    warmup: { iterations: 100 },
    decay: { at: [0.6, 0.85] },
    clipNorm: 10,
    patch: { perImage: 1 },
    validateEvery: 250,
  },
  test: { limit: null, tiles: { abovePixels: 800 * 800, size: 512, overlap: 128 } },
});
