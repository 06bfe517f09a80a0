import { unetSchema } from '@pffnet/backbone';
import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';

const pixels = z.number().min(0).max(1000);

/** The rule of prediction: how the distance map is cut into objects. */
export const testSchema = z.strictObject({
  minDistance: pixels.describe('p: pixels of a larger predicted distance belong to objects'),
  minDepth: pixels.describe(
    'lambda: two peaks are two objects if the way between them leads down by more pixels of distance than this',
  ),
  borders: z
    .enum(['removed', 'kept'])
    .describe('whether pixels at which two objects touch become background, as in the released code, or stay'),
  ...readingRule,
});

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const configSchema = z.strictObject({
  kind: z.literal('dist').describe('the family of networks'),
  preset: commonKeys.preset,
  // sources.md row 38
  fidelity: z.literal('released-code').describe("what is known of the method comes from its authors' code alone"),
  seed: commonKeys.seed,
  input: commonKeys.input,
  unet: unetSchema.describe('the network'),
  training: commonKeys.training,
  test: testSchema.describe('prediction'),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type DistConfig = z.infer<typeof configSchema>;

/** How the distance map is cut into objects, and how images are read for it. */
export type DistRule = z.infer<typeof testSchema>;
