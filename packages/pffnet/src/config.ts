import { backboneSchema } from '@pffnet/backbone';
import { instanceHeadSchema } from '@pffnet/instance-head';
import { commonKeys, readingRule } from '@pffnet/network';
import { semanticHeadSchema } from '@pffnet/semantic-head';
import { GEOMETRIES } from '@pffnet/structures';
import { INITIAL_OUTPUTS } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { instanceSemanticsSchema } from './instance-semantics/kinds.ts';

const share = z.number().min(0).max(1);

/** The rule of prediction: which detections become objects. */
export const testSchema = z.strictObject({
  scoreThreshold: share.describe('detections at or below this class score are not considered'),
  nms: share.describe('IoU above which the lower-scored of two detections goes'),
  // sources.md, Where we follow neither
  nmsQuality: z
    .number()
    .min(0)
    .max(4)
    .default(0)
    .describe(
      'non-maximum suppression and the limit rank detections by class score x quality^this; 0, as in the paper, ranks by class score alone. Above 0 every detection above `minScore` gets its mask before suppression, which takes longer, and those at or below it suppress nothing',
    ),
  limit: z.int().min(1).nullable().describe('most detections per image (or tile), the best ones; null for all'),
  // Section III-E
  minScore: share.describe('beta: objects at or below this class score are dropped'),
  maskThreshold: share.describe('pixels above this mask probability belong to the object'),
  dropCoveredAbove: share.default(1).meta({
    description: 'an object of which more than this part is covered by surer ones is dropped; 1 for never',
    released: 0.7,
  }),
  ...readingRule,
});

/**
 * The shape of a config. Each part states its own options, with meaning and default; here they meet. Where the authors'
 * released code differs from the paper, an option's metadata say what is `released`. Unknown keys are refused.
 */
export const configSchema = z.strictObject({
  // A config that was written before there were families is of this one.
  kind: z
    .literal('two-stage')
    .default('two-stage')
    .describe('the family of networks, which decides the other keys; `two-stage` where a config does not say'),
  preset: commonKeys.preset,
  // sources.md row 37
  fidelity: z
    .enum(['paper', 'released-code'])
    .describe('which reading the switches started from, see above; single switches may differ since'),
  seed: commonKeys.seed,
  // sources.md row 36
  geometry: z.enum(GEOMETRIES).default('continuous').meta({
    description:
      'how box edges are read, everywhere at once: anchors, box deltas, IoU, NMS, level choice, clipping, RoIAlign, mask windows; `legacy` are inclusive pixel coordinates',
    released: 'legacy',
  }),
  initialOutputs: z
    .enum(INITIAL_OUTPUTS)
    .default('published')
    .describe(
      'where the layers that predict start: as published, or where every loss is that of an informed guess (ln 2 for two logits, the prior for classes, 0.6 for quality); see [sources.md](sources.md#where-we-follow-neither)',
    ),
  input: commonKeys.input,
  backbone: backboneSchema.describe('ResNet and feature pyramid'),
  semanticHead: semanticHeadSchema,
  instanceHead: instanceHeadSchema.describe('proposals, boxes, masks, quality'),
  instanceSemantics: instanceSemanticsSchema.describe(
    'the semantic prediction of the instance branch, which exists for training',
  ),
  loss: z
    .strictObject({
      alpha1: z.number().min(0).default(0.1).meta({
        description: 'weight of both semantic losses; every loss that is not named here has weight 1',
        released: 1,
      }),
      // sources.md row 53
      rois: z
        .number()
        .min(0)
        .default(0)
        .describe('weight of the semantic loss inside the boxes of true objects; 0 leaves it out'),
      alpha2: z.number().min(0).describe('weight of the consistency between them; 0 leaves it out'),
    })
    .describe('Eq. 5'),
  training: commonKeys.training,
  test: testSchema.describe('prediction'),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type PffnetConfig = z.infer<typeof configSchema>;

/** Which detections become objects, and how images are read for it. */
export type TestRule = z.infer<typeof testSchema>;

/** A config with any part left out. */
export type ConfigPatch = DeepPartial<PffnetConfig>;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;
