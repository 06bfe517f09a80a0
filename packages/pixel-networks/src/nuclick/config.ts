import { unetSchema } from '@pffnet/backbone';
import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';
import { minArea } from '../min-area.ts';

/** The rule of prediction: what becomes of the mask that is predicted at a click. */
export const nuclickRule = z.strictObject({
  minProbability: z.number().min(0).max(1).describe('pixels above this probability belong to the clicked object'),
  minArea,
  ...readingRule,
});

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const nuclickSchema = z.strictObject({
  kind: z.literal('nuclick').describe('the family of networks'),
  preset: commonKeys.preset,
  // sources.md row 48
  fidelity: z.literal('released-code').describe("what is known of the method comes from its authors' code"),
  seed: commonKeys.seed,
  input: commonKeys.input,
  unet: unetSchema.describe('the network'),
  crop: z
    .int()
    .min(8)
    .max(1024)
    .describe('side of the square around a click that is seen, in pixels; a multiple of 2^`unet.depth`'),
  clicksPerStep: z.int().min(1).describe('objects of a patch that are clicked and learned at once'),
  loss: z
    .strictObject({
      diceWeight: z.number().min(0).describe('weight of 1 - the Dice of probabilities and truth'),
      crossEntropyWeight: z.number().min(0).describe('weight of the cross-entropy, averaged over pixels'),
    })
    .describe('the loss'),
  training: commonKeys.training,
  test: nuclickRule.describe('prediction'),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type NuclickConfig = z.infer<typeof nuclickSchema>;

/** What becomes of the mask at a click, and how images are read for it. */
export type NuclickRule = z.infer<typeof nuclickRule>;
