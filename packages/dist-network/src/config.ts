import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';

const positive = z.int().min(1);
const pixels = z.number().min(0).max(1000);

/** The rule of prediction: what the distance map is cut into. */
export const testSchema = z.strictObject({
  /** p: pixels of a larger predicted distance belong to objects. */
  minDistance: pixels,
  /** lambda: two peaks of the distance map are two objects if the way between them leads down by more than this. */
  minDepth: pixels,
  /** Whether pixels at which two objects touch become background, as in the released code, or stay. */
  borders: z.enum(['removed', 'kept']),
  ...readingRule,
});

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const configSchema = z.strictObject({
  /** The family. */
  kind: z.literal('dist'),
  preset: commonKeys.preset,
  /** What is known of the method comes from its authors' code alone (sources.md row 38). */
  fidelity: z.literal('released-code'),
  seed: commonKeys.seed,
  input: commonKeys.input,
  unet: z.strictObject({
    /** Channels at full resolution; every pooling doubles them. */
    width: positive,
    /** Poolings: each halves rows and columns. */
    depth: z.int().min(1).max(6),
    /** Channels are normalised in so many groups; they divide `width`. */
    groups: positive,
  }),
  training: commonKeys.training,
  test: testSchema,
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type DistConfig = z.infer<typeof configSchema>;

/** What the distance map is cut into, and how images are read for it. */
export type DistRule = z.infer<typeof testSchema>;
