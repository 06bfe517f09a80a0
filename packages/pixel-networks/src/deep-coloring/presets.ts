import { paperTraining } from '@pffnet/network';
import type * as z from 'zod';
import { coloringSchema, type DeepColoringConfig } from './config.ts';

/**
 * Deep colouring as its authors built it for leaves: 32 channels, three poolings, eight colours, a halo that reaches ten
 * pixels with a weight of seven. They learned with Adam and batches of 30; steps, patches and optimiser are those of all
 * networks here, so that rows of a table differ in the network alone (sources.md row 46). 1,927,273 parameters, about 50
 * GFLOP a step on 256 x 256.
 */
const paper: DeepColoringConfig = coloringSchema.parse({
  kind: 'deep-coloring',
  preset: 'paper',
  fidelity: 'released-code',
  seed: 0,
  input: { channelOrder: 'rgb', mean: [128, 128, 128], deviation: [64, 64, 64] },
  colours: 8,
  unet: { width: 32, depth: 3, groups: 32 },
  loss: { haloRadius: 10, haloWeight: 7, backgroundWeight: 1 },
  training: {
    ...paperTraining,
    learningRate: 0.01,
    weightDecay: 5e-5,
    decay: { at: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], factor: 0.72 },
    clipNorm: 10,
  },
  test: {
    minArea: 20,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof coloringSchema>);

/** The U-Net of DIST's preset `small` with nine outputs: 24 channels, four poolings, 4,368,273 parameters, about 40 GFLOP a step on 256 x 256. */
const small: DeepColoringConfig = {
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
const smoke: DeepColoringConfig = {
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
export const coloringPresets: Readonly<Record<'paper' | 'small' | 'smoke', DeepColoringConfig>> = {
  paper,
  small,
  smoke,
};
