import { fusionSchema } from '@pffnet/fusion';
import { commonKeys, readingRule } from '@pffnet/network';
import * as z from 'zod';

const positive = z.int().min(1);
const share = z.number().min(0).max(1);

const proposalCounts = z.strictObject({
  /** Best-scored anchors of a level that enter non-maximum suppression. */
  perLevelBeforeNms: positive,
  /** Boxes of a level that leave it. */
  perLevelAfterNms: positive,
  /** Best-scored boxes over all levels. */
  total: positive,
});

/** The rule of prediction: which detections become objects. */
export const testSchema = z.strictObject({
  /** Detections below this class score are not considered. */
  scoreThreshold: share,
  nms: share,
  /** Most detections per image; null for no limit. */
  limit: positive.nullable(),
  /** beta: objects at or below this class score are dropped (Section III-E). */
  minScore: share,
  maskThreshold: share,
  /** An object whose covered share exceeds this is dropped: 0.7 in the released code, 1 for the paper's text. */
  dropCoveredAbove: share,
  ...readingRule,
});

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const configSchema = z.strictObject({
  /** The family; a config that was written before there were families is of this one. */
  kind: z.literal('two-stage').default('two-stage'),
  preset: commonKeys.preset,
  /** Which reading of the paper the switches started from (sources.md row 37); single switches may differ since. */
  fidelity: z.enum(['paper', 'released-code']),
  seed: commonKeys.seed,
  /** Continuous pixel coordinates, or the released code's inclusive ones (sources.md row 36). */
  geometry: z.enum(['continuous', 'legacy']),
  /** Where the layers that predict start: as published, or where every loss is that of an informed guess. */
  initialOutputs: z.enum(['published', 'informed']).default('published'),
  input: commonKeys.input,
  backbone: z.strictObject({
    depth: z.union([z.literal(18), z.literal(34), z.literal(50), z.literal(101)]),
    /** Channels of the stem: 64 in the paper. */
    width: positive,
    /** Channels of P2-P6: 256 in the paper. */
    pyramidChannels: positive,
    norm: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('group'), groups: positive }),
      z.strictObject({ kind: z.literal('frozen-affine') }),
    ]),
    /** Stages from the stem on that do not train: 2 freezes the stem and C2, as the released code does. */
    freezeStages: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    /** Where a bottleneck halves the map: on its 3x3 (paper), or on its first 1x1 (Caffe weights). */
    strideIn: z.enum(['3x3', '1x1']),
    /** `random`, or a safetensors file of ImageNet kernels. */
    init: z.string().min(1),
  }),
  /** The semantic branch on the backbone's maps. */
  semanticHead: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('gcn'), kernel: positive, channels: positive, groups: positive }),
    /** On the pyramid's maps instead (Panoptic FPN). */
    z.strictObject({ kind: z.literal('panoptic-fpn'), channels: positive, groups: positive }),
    /** Pyramid pooling of C5 (JSIS-Net). */
    z.strictObject({ kind: z.literal('jsis'), channels: positive, groups: positive }),
  ]),
  instanceHead: z.strictObject({
    /** One size (square root of the area, in pixels) per level P2-P6, and height / width ratios. */
    anchors: z.strictObject({
      sizes: z.array(z.number().positive()).length(5),
      ratios: z.array(z.number().positive()).min(1),
    }),
    proposals: z.strictObject({ nms: share, minSize: z.number().min(0), train: proposalCounts, test: proposalCounts }),
    anchorSampling: z.strictObject({
      count: positive,
      positiveFraction: share,
      positiveIou: share,
      negativeIou: share,
    }),
    roiSampling: z.strictObject({ count: positive, positiveFraction: share, iou: share }),
    box: z.strictObject({ hidden: positive }),
    mask: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('deconv'), channels: positive }),
      /** Sub-pixel convolution plus a fully connected path; the release applies the fourth trunk convolution twice. */
      z.strictObject({ kind: z.literal('dual'), channels: positive, repeatLastConv: z.boolean() }),
    ]),
    quality: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({
        kind: z.literal('mask-quality'),
        /** How the 28 x 28 mask joins the 14 x 14 features (sources.md row 11). */
        packing: z.enum(['view', 'space-to-depth', 'maxpool']),
        hidden: positive,
      }),
    ]),
    groups: positive,
    /** RoIs that run through the heads at once. */
    chunk: positive,
  }),
  /** The second semantic prediction, read from P2 and fused with the instance masks. */
  instanceSemantics: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('pyramid-map'),
      /** Boxes that masks are pasted into: refined by the box head, or the proposals (sources.md row 4). */
      boxes: z.enum(['refined', 'proposal']),
      fusion: fusionSchema,
    }),
  ]),
  /** Eq. 5: alpha1 weighs both semantic losses, alpha2 the consistency between them. */
  loss: z.strictObject({ alpha1: z.number().min(0), alpha2: z.number().min(0) }),
  training: commonKeys.training,
  test: testSchema,
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
