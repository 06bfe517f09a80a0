import { unetPresets, unetTraining } from '@pffnet/network';
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
  training: unetTraining,
  test: {
    minForeground: 0.5,
    bandwidth: 1,
    minArea: 20,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof discriminativeSchema>);

/** The configs that ship, by name. `small` is the U-Net of DIST's `small` with other outputs: 4,368,498 parameters. */
export const discriminativePresets = unetPresets(paper);
