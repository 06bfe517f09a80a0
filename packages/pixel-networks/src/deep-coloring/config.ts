import { unetSchema } from '@pffnet/backbone';
import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';
import { minArea } from '../min-area.ts';

/** The rule of prediction: which of the coloured regions are objects. */
export const coloringRule = z.strictObject({ minArea, ...readingRule });

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const coloringSchema = z.strictObject({
  kind: z.literal('deep-coloring').describe('the family of networks'),
  preset: commonKeys.preset,
  // sources.md row 46
  fidelity: z.literal('released-code').describe("what is known of the method comes from its authors' code"),
  seed: commonKeys.seed,
  input: commonKeys.input,
  colours: z.int().min(1).max(64).describe('colours that objects may have; background is one more'),
  unet: unetSchema.describe('the network'),
  loss: z
    .strictObject({
      haloRadius: z
        .number()
        .min(0)
        .max(100)
        .describe('pixels within this distance of an object, outside it, should not have its colour'),
      haloWeight: z.number().min(0).describe('weight of these pixels, where those of the object have 1'),
      backgroundWeight: z.number().min(0).describe('weight of the background, where all objects together have 1'),
    })
    .describe('the loss'),
  training: commonKeys.training,
  test: coloringRule.describe('prediction'),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type DeepColoringConfig = z.infer<typeof coloringSchema>;

/** Which of the coloured regions are objects, and how images are read for it. */
export type DeepColoringRule = z.infer<typeof coloringRule>;
