import * as z from 'zod';

const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const proposalCounts = z.strictObject({
  /** Best-scored anchors of a level that enter non-maximum suppression. */
  perLevelBeforeNms: positive,
  /** Boxes of a level that leave it. */
  perLevelAfterNms: positive,
  /** Best-scored boxes over all levels. */
  total: positive,
});

const intensityScaling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }),
  z.strictObject({ kind: z.literal('range') }),
  z.strictObject({ kind: z.literal('min-max') }),
  z.strictObject({ kind: z.literal('percentile'), low: z.number().min(0).max(100), high: z.number().min(0).max(100) }),
]);

const fusing = {
  /** The refinement after fusing (ReLU, 3x3, ReLU, 1x1): Table IX keeps it for every kind; Cell R-CNN V2 has none. */
  head: z.enum(['refine', 'none']).default('refine'),
  /** Whether the gradient of the fused map's loss stops before the masks (sources.md row 2). */
  detachMask: z.boolean().default(false),
  /** The released code swaps rows and columns of a mask's window (sources.md row 7); for parity only. */
  window: z.enum(['exact', 'released-extent-swap']).default('exact'),
};
const attending = {
  ...fusing,
  /** Eq. 2 and Algorithm 1 squash masks, then resize them; the released code resizes logits. */
  order: z.enum(['sigmoid-resize', 'resize-sigmoid']).default('sigmoid-resize'),
  /** Which mask channel acts on which semantic channel (sources.md row 10). */
  channels: z.enum(['both', 'fg_to_both', 'fg_only', 'fg_complement']).default('fg_only'),
  /** RoI after RoI, so that overlaps compound (Algorithm 1), or one multiplication by the largest (sources.md row 6). */
  compose: z.enum(['sequential', 'max']).default('sequential'),
};

const fusion = z.discriminatedUnion('kind', [
  /** The map of the pyramid as it is. */
  z.strictObject({ kind: z.literal('none') }),
  /** F[B] <- M (Table IX a). */
  z.strictObject({ kind: z.literal('replacement'), ...fusing }),
  /** F[B] <- F + M (Table IX b). */
  z.strictObject({ kind: z.literal('summation'), ...fusing }),
  /** F[B] <- F * P (Table IX c). */
  z.strictObject({ kind: z.literal('attention'), ...attending }),
  /** F[B] <- F * (1 + P): Algorithm 1 (Table IX d). */
  z.strictObject({ kind: z.literal('residual-attention'), ...attending }),
]);

/** The shape of a config, with the meaning of every key. Unknown keys are refused. */
export const configSchema = z.strictObject({
  /** The preset that it grew from. */
  preset: z.string(),
  /** Which reading of the paper the switches started from (sources.md row 37); single switches may differ since. */
  fidelity: z.enum(['paper', 'released-code']),
  /** Start of every random stream: initial weights, order of images, augmentation, sampling. */
  seed: z.int().min(0),
  /** Continuous pixel coordinates, or the released code's inclusive ones (sources.md row 36). */
  geometry: z.enum(['continuous', 'legacy']),
  /** Where the layers that predict start: as published, or where every loss is that of an informed guess. */
  initialOutputs: z.enum(['published', 'informed']).default('published'),
  /** What the network sees: (pixel - mean) / deviation, pixels 0..255. */
  input: z.strictObject({
    channelOrder: z.enum(['rgb', 'bgr']),
    mean: triple,
    deviation: triple,
    /** How a file's numbers become 0..255 (sources.md row 27); `auto` takes 8 bits as they are and scales deeper files. */
    scaling: intensityScaling.default({ kind: 'auto' }),
    /** Which channel of files with several is read as a grey image: its number from 1, or its name. */
    channel: z.union([positive, z.string().min(1)]).optional(),
  }),
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
      fusion,
    }),
  ]),
  /** Eq. 5: alpha1 weighs both semantic losses, alpha2 the consistency between them. */
  loss: z.strictObject({ alpha1: z.number().min(0), alpha2: z.number().min(0) }),
  training: z.strictObject({
    iterations: positive,
    learningRate: z.number().positive(),
    momentum: share,
    weightDecay: z.number().min(0),
    /** Biases and group-norm shifts learn faster and do not decay (sources.md rows 23, F9). */
    biasRateFactor: z.number().positive(),
    warmup: z.strictObject({ iterations: count, factor: share }),
    /** Multiplies the rate by `factor` from each share of the iterations on. */
    decay: z.strictObject({ at: z.array(share), factor: z.number().positive() }),
    /** Largest L2 norm of all gradients together; null leaves them alone, as the paper does. */
    clipNorm: z.number().positive().nullable(),
    /** Every image is brought to a square first, whatever its shape, as the paper does with leaves (Section IV-A). */
    resize: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('none') }),
        z.strictObject({ kind: z.literal('square'), side: positive }),
      ])
      .default({ kind: 'none' }),
    /**
     * Factors of convolutions and products in training: float32, or bf16 where the engine has it; sums, weights and
     * prediction are float32.
     */
    precision: z.enum(['f32', 'bf16']).default('f32'),
    /** Square patches, side in pixels, and how many are cut from an image before the next one is read. */
    patch: z.strictObject({ size: positive, perImage: positive }),
    augmentation: z.strictObject({
      flips: z.boolean(),
      quarterTurns: z.boolean(),
      gaussianBlur: z.strictObject({ probability: share, maxSigma: z.number().positive() }),
      medianBlur: z.strictObject({ probability: share, sizes: z.array(positive).min(1) }),
      gaussianNoise: z.strictObject({ probability: share, maxDeviation: z.number().positive() }),
    }),
    /** Iterations between two validations, each followed by a checkpoint. */
    validateEvery: positive,
  }),
  test: z.strictObject({
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
    /** Images are brought to this shorter side before they are read, and the boxes found brought back; null for never. */
    shortSide: positive.nullable().default(null),
    /** Images with more pixels than `abovePixels` are read in overlapping squares of `size` pixels. */
    tiles: z.strictObject({ abovePixels: positive, size: positive, overlap: count }),
  }),
});

/** Everything that says which network, how it learns and how it predicts; plain JSON. */
export type PffnetConfig = z.infer<typeof configSchema>;

/** A config with any part left out. */
export type ConfigPatch = DeepPartial<PffnetConfig>;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;
