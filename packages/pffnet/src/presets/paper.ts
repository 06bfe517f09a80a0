import { paperTraining } from '@pffnet/network';
import type * as z from 'zod';
import { configSchema, type PffnetConfig } from '../config.ts';

/**
 * PFFNet as the paper describes it: ResNet-101-FPN with group norm and every branch. The paper starts the backbone from
 * ImageNet weights that are not available here, so that this preset starts at random; give `backbone.init` to change it.
 * Counts, beta and schedule are TNBC's; `--profile` sets the other data sets' (sources.md rows 23, P21). One training step
 * costs about 720 GFLOP with these counts, 1,300 with Kumar's.
 */
export const paper: PffnetConfig = configSchema.parse({
  preset: 'paper',
  fidelity: 'paper',
  seed: 0,
  input: { channelOrder: 'bgr', mean: [128, 128, 128], deviation: [1, 1, 1] },
  backbone: {
    depth: 101,
    width: 64,
    pyramidChannels: 256,
    norm: { kind: 'group', groups: 32 },
    strideIn: '3x3',
  },
  semanticHead: { kind: 'gcn', kernel: 5, channels: 64, groups: 32 },
  instanceHead: {
    anchors: { sizes: [32, 64, 128, 256, 512], ratios: [0.5, 1, 2] },
    proposals: {
      nms: 0.7,
      minSize: 0,
      train: { perLevelBeforeNms: 1000, perLevelAfterNms: 500, total: 2000 },
      test: { perLevelBeforeNms: 4000, perLevelAfterNms: 2000, total: 1000 },
    },
    anchorSampling: { count: 256, positiveFraction: 0.5, positiveIou: 0.7, negativeIou: 0.3 },
    roiSampling: { count: 256, positiveFraction: 0.25, iou: 0.5 },
    box: { hidden: 1024 },
    mask: { kind: 'dual', channels: 256 },
    quality: { kind: 'mask-quality', hidden: 1024 },
    groups: 32,
    chunk: 64,
  },
  instanceSemantics: {
    kind: 'pyramid-map',
    boxes: 'refined',
    fusion: { kind: 'residual-attention' },
  },
  loss: { alpha2: 1 },
  training: {
    ...paperTraining,
    learningRate: 0.003,
    weightDecay: 1e-4,
    decay: { at: [0.75], factor: 0.1 },
    clipNorm: null,
  },
  test: {
    scoreThreshold: 0.05,
    nms: 0.3,
    limit: 500,
    minScore: 0.5,
    maskThreshold: 0.5,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
  },
} satisfies z.input<typeof configSchema>);
