import { unetPresets, unetTraining } from '@pffnet/network';
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
  training: unetTraining,
  test: {
    minArea: 20,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof coloringSchema>);

/** The configs that ship, by name. `small` is the U-Net of DIST's `small` with nine outputs: 4,368,273 parameters. */
export const coloringPresets = unetPresets(paper);
