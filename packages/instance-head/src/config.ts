import type { InitialOutputs } from '@pffnet/tensor-ops';
import { assertOptions, ConfigError, type Geometry } from '@pffnet/structures';
import * as z from 'zod';
import { boxHeadNamed, boxHeadSchema } from './box-heads.ts';
import { maskHeadNamed, maskHeadSchema } from './mask-heads.ts';
import { qualityHeadNamed, qualityHeadSchema } from './quality-heads.ts';

const count = z.int().min(1);
const share = z.number().min(0).max(1);

const anchorSchema = z.strictObject({
  sizes: z
    .array(z.number().positive())
    .length(5)
    .describe('square root of the area of the anchors of P2, P3, P4, P5, P6, in pixels'),
  ratios: z.array(z.number().positive()).min(1).describe('height / width of the anchors of every cell'),
});

const proposalCountSchema = z.strictObject({
  perLevelBeforeNms: count.describe('best-scored anchors of a level that enter non-maximum suppression'),
  perLevelAfterNms: count.describe('boxes of a level that leave it'),
  total: count.describe('best-scored boxes over all levels, to which training adds the truth'),
});

const anchorSamplingSchema = z.strictObject({
  count: count.describe('anchors per image in the loss of the proposal network'),
  positiveFraction: share.describe('largest share of positives among them'),
  positiveIou: share.describe('an anchor at or above this IoU with an object is positive'),
  negativeIou: share.describe('an anchor below this IoU with every object is negative; those between are left out'),
});

const roiSamplingSchema = z.strictObject({
  count: count.describe('RoIs per image in the losses of the heads'),
  positiveFraction: share.describe('largest share of positives; only they have masks'),
  iou: share.describe('a proposal at or above this IoU with an object is positive, every other negative'),
});

/** The options of the instance branch, each with its meaning. */
export const instanceHeadSchema = z.strictObject({
  anchors: anchorSchema,
  proposals: z.strictObject({
    nms: share.describe('IoU above which the lower-scored of two proposals of a level goes'),
    minSize: z.number().min(0).describe('smallest side of a proposal, in pixels'),
    train: proposalCountSchema.describe('in training'),
    test: proposalCountSchema.describe('at prediction'),
  }),
  anchorSampling: anchorSamplingSchema,
  roiSampling: roiSamplingSchema,
  box: boxHeadSchema,
  mask: maskHeadSchema,
  quality: qualityHeadSchema,
  groups: count.describe('groups of every group norm of the heads; divides their channels'),
  chunk: count.describe(
    'RoIs that run through the mask heads at once, twice as many through the box head; the last chunk is filled up, so that a divisor of the number of positives is best',
  ),
});

/** The instance branch as a config says it. */
export type InstanceHeadOptions = z.infer<typeof instanceHeadSchema>;

/** Everything that is chosen about the instance branch: its options, and what the wiring knows. */
export interface InstanceHeadConfig extends Readonly<InstanceHeadOptions> {
  readonly geometry: Geometry;
  /** Where the layers that predict start; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/** Which anchors stand on the pyramid. */
export type AnchorConfig = Readonly<z.infer<typeof anchorSchema>>;

/** How many proposals survive each step. */
export type ProposalCounts = Readonly<z.infer<typeof proposalCountSchema>>;

/** How anchors are chosen for the loss of the proposal network. */
export type AnchorSampling = Readonly<z.infer<typeof anchorSamplingSchema>>;

/** How proposals are chosen for the loss of the heads. */
export type RoiSampling = Readonly<z.infer<typeof roiSamplingSchema>>;

/** Facts that the wiring knows. */
export interface InstanceHeadSpec {
  /** Channels of P2..P6. */
  readonly pyramidChannels: number;
}

/**
 * Checks the options, and what no schema can: that group norms find whole groups.
 * @throws ConfigError naming the option, what was expected and what was given.
 */
export function checkInstanceHeadConfig(config: InstanceHeadConfig, { pyramidChannels }: InstanceHeadSpec): void {
  assertOptions(instanceHeadSchema.strip(), config, 'instanceHead');
  const { groups, box, mask, quality } = config;
  const normalized = {
    ...boxHeadNamed(box.kind).normalized(box as never),
    ...maskHeadNamed(mask.kind).normalized(mask as never),
    ...(quality.kind === 'none' ? {} : qualityHeadNamed(quality.kind).normalized(quality as never, pyramidChannels)),
  };
  for (const [layer, channels] of Object.entries(normalized)) {
    if (channels % groups === 0) continue;
    throw new ConfigError(
      `instanceHead.${layer}: expected a number of channels that ${groups} groups divide, got ${channels}`,
    );
  }
}
