import type { DistConfig } from '../config.ts';

/**
 * DIST at the size of its authors' largest U-Net: 64 channels, four poolings. Rate, momentum, decay of weights and
 * its fall by 0.96 per epoch of 80 (here 0.72 each tenth of the way) are theirs; batches of one with group norm, the
 * number of steps and the patches are those of all networks here, so that rows of a table differ in the network alone
 * (sources.md row 38). `--profile` sets the other data sets' counts. About 290 GFLOP a step.
 */
export const paper = {
  kind: 'dist',
  preset: 'paper',
  fidelity: 'released-code',
  seed: 0,
  input: { channelOrder: 'rgb', mean: [128, 128, 128], deviation: [64, 64, 64], scaling: { kind: 'auto' } },
  unet: { width: 64, depth: 4, groups: 32 },
  training: {
    iterations: 12000,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-5,
    biasRateFactor: 2,
    warmup: { iterations: 500, factor: 1 / 3 },
    decay: { at: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], factor: 0.72 },
    clipNorm: 10,
    precision: 'f32',
    weightAverage: { kind: 'none' },
    resize: { kind: 'none' },
    patch: { size: 256, perImage: 5 },
    augmentation: {
      flips: true,
      quarterTurns: true,
      gaussianBlur: { probability: 0.1, maxSigma: 1.5 },
      medianBlur: { probability: 0.1, sizes: [3, 5] },
      gaussianNoise: { probability: 0.1, maxDeviation: 10 },
      stainJitter: { probability: 0, scale: 0.2, shift: 0.05 },
      scale: { min: 1, max: 1 },
    },
    validateEvery: 1500,
  },
  test: {
    minDistance: 0.5,
    minDepth: 1,
    borders: 'removed',
    shortSide: null,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
  },
} satisfies DistConfig;
