import { unetPresets, unetTraining } from '@pffnet/network';
import type * as z from 'zod';
import { configSchema, type DistConfig } from './config.ts';

/**
 * DIST at the size of its authors' largest U-Net: 64 channels, four poolings. Rate, momentum, decay of weights and
 * its fall by 0.96 per epoch of 80 (here 0.72 each tenth of the way) are theirs; batches of one with group norm, the
 * number of steps and the patches are those of all networks here, so that rows of a table differ in the network alone
 * (sources.md row 38). `--profile` sets the other data sets' counts. About 290 GFLOP a step.
 */
const paper: DistConfig = configSchema.parse({
  kind: 'dist',
  preset: 'paper',
  fidelity: 'released-code',
  seed: 0,
  input: { channelOrder: 'rgb', mean: [128, 128, 128], deviation: [64, 64, 64] },
  unet: { width: 64, depth: 4, groups: 32 },
  training: unetTraining,
  test: {
    minDistance: 0.5,
    minDepth: 1,
    borders: 'removed',
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof configSchema>);

/** The configs that ship, by name. `small` has 4,368,073 parameters. */
export const presets = unetPresets(paper);
