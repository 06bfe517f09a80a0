import { paperTraining } from '@pffnet/network';
import type * as z from 'zod';
import { discriminativeSchema, type DiscriminativeConfig } from './config.ts';

/**
 * The discriminative loss with its authors' margins and weights, and 16 dimensions as they chose for leaves. They say of
 * the network that any will do; here it is the U-Net of DIST's preset `paper`. Steps, patches and optimiser are those of
 * all networks here, so that rows of a table differ in the network alone (sources.md row 47). 31,038,738 parameters, about
 * 290 GFLOP a step on 256 x 256.
 */
const paper: DiscriminativeConfig = discriminativeSchema.parse({
  kind: 'discriminative',
  preset: 'paper',
  fidelity: 'paper',
  seed: 0,
  input: { channelOrder: 'rgb', mean: [128, 128, 128], deviation: [64, 64, 64] },
  dimensions: 16,
  unet: { width: 64, depth: 4, groups: 32 },
  loss: {
    pullMargin: 0.5,
    pushMargin: 1.5,
    pullWeight: 1,
    pushWeight: 1,
    regularisationWeight: 0.001,
    semanticWeight: 1,
  },
  training: {
    ...paperTraining,
    learningRate: 0.01,
    weightDecay: 5e-5,
    decay: { at: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], factor: 0.72 },
    clipNorm: 10,
  },
  test: {
    minForeground: 0.5,
    bandwidth: 1,
    minArea: 20,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof discriminativeSchema>);

/** The U-Net of DIST's preset `small`: 24 channels, four poolings, 4,368,498 parameters, about 40 GFLOP a step on 256 x 256. */
const small: DiscriminativeConfig = {
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

/** Small enough for tests and the demo: 8 channels, three poolings, 128 x 128 patches. About 1 GFLOP a step. */
const smoke: DiscriminativeConfig = {
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

/** The configs that ship, by name. */
export const discriminativePresets: Readonly<Record<'paper' | 'small' | 'smoke', DiscriminativeConfig>> = {
  paper,
  small,
  smoke,
};
