import type * as z from 'zod';
import type { trainingSchema } from './network-config.ts';

/**
 * What the preset `paper` of every family trains with, whatever its own paper says, so that rows of a table differ in the
 * network alone: PFFNet's steps, patches and augmentation (Section IV-C; sources.md rows 23, P21). The optimiser's numbers
 * are each family's own.
 */
export const paperTraining = {
  iterations: 12000,
  momentum: 0.9,
  biasRateFactor: 2,
  warmup: { iterations: 500, factor: 1 / 3 },
  patch: { size: 256, perImage: 5 },
  augmentation: {
    flips: true,
    quarterTurns: true,
    gaussianBlur: { probability: 0.1, maxSigma: 1.5 },
    medianBlur: { probability: 0.1, sizes: [3, 5] },
    gaussianNoise: { probability: 0.1, maxDeviation: 10 },
  },
  validateEvery: 1500,
} satisfies Partial<z.input<typeof trainingSchema>>;
