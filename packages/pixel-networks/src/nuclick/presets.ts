import { unetPresets, unetTraining } from '@pffnet/network';
import type * as z from 'zod';
import { nuclickSchema, type NuclickConfig } from './config.ts';

/**
 * NuClick with its authors' inputs, loss and squares of 128 pixels, on the U-Net of DIST's preset `paper` in place of their
 * network of multi-scale blocks. Four clicks a step cost what a patch of 256 x 256 does; steps, patches and optimiser are
 * those of all networks here but for the rate (sources.md row 48). 31,038,785 parameters, about 290 GFLOP a step.
 */
const paper: NuclickConfig = nuclickSchema.parse({
  kind: 'nuclick',
  preset: 'paper',
  fidelity: 'released-code',
  seed: 0,
  input: { channelOrder: 'rgb', mean: [128, 128, 128], deviation: [64, 64, 64] },
  unet: { width: 64, depth: 4, groups: 32 },
  crop: 128,
  clicksPerStep: 4,
  loss: { diceWeight: 1, crossEntropyWeight: 1 },
  // Of the few objects of a step less is learned than of all pixels of a patch.
  training: { ...unetTraining, learningRate: 0.03 },
  test: {
    minProbability: 0.5,
    minArea: 10,
    tiles: { abovePixels: 1100 * 1100, size: 1024, overlap: 192 },
    precision: 'f32',
  },
} satisfies z.input<typeof nuclickSchema>);

const presets = unetPresets(paper);

/** The configs that ship, by name. `small` is the U-Net of DIST's `small` with other inputs: 4,368,505 parameters. */
export const nuclickPresets: typeof presets = { ...presets, smoke: { ...presets.smoke, crop: 64 } };
