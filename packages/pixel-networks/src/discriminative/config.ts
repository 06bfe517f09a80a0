import { unetSchema } from '@pffnet/backbone';
import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';
import { minArea } from '../min-area.ts';

const margin = z.number().positive().max(100);
const weight = z.number().min(0);

/** The rule of prediction: how embeddings are parted into objects. */
export const discriminativeRule = z.strictObject({
  minForeground: z.number().min(0).max(1).describe('pixels above this probability of foreground belong to objects'),
  bandwidth: margin.describe('reach of the mean-shift: pixels whose embeddings lie within it of a mode are one object'),
  minArea,
  ...readingRule,
});

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const discriminativeSchema = z.strictObject({
  kind: z.literal('discriminative').describe('the family of networks'),
  preset: commonKeys.preset,
  // sources.md row 47
  fidelity: z.literal('paper').describe("the method follows its authors' paper; they have published no code"),
  seed: commonKeys.seed,
  input: commonKeys.input,
  dimensions: z.int().min(1).max(256).describe('numbers per pixel that tell objects apart'),
  unet: unetSchema.describe('the network'),
  loss: z
    .strictObject({
      pullMargin: margin.describe('embeddings within this distance of the mean of their object are pulled no further'),
      pushMargin: margin.describe('means of two objects further apart than twice this are pushed no further'),
      pullWeight: weight.describe('weight of the pull of pixels to their means'),
      pushWeight: weight.describe('weight of the push between means'),
      regularisationWeight: weight.describe('weight of the distance of means from the origin'),
      semanticWeight: weight.describe('weight of the cross-entropy of foreground and background'),
    })
    .describe('the loss'),
  training: commonKeys.training,
  test: discriminativeRule.describe('prediction'),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type DiscriminativeConfig = z.infer<typeof discriminativeSchema>;

/** How embeddings are parted into objects, and how images are read for it. */
export type DiscriminativeRule = z.infer<typeof discriminativeRule>;
