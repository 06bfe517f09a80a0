import * as z from 'zod';

const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const intensityScaling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }).describe('8 bits as they are, deeper files scaled'),
  z.strictObject({ kind: z.literal('range') }).describe("the whole range of the file's type"),
  z.strictObject({ kind: z.literal('min-max') }).describe('from the smallest to the largest number of the image'),
  z
    .strictObject({
      kind: z.literal('percentile'),
      low: z.number().min(0).max(100).describe('the percentile that becomes 0'),
      high: z.number().min(0).max(100).describe('the percentile that becomes 255'),
    })
    .describe('between two percentiles of the image'),
]);

/** How the image of a file becomes what the network sees: (pixel - mean) / deviation, pixels 0..255. */
export const inputSchema = z.strictObject({
  channelOrder: z.enum(['rgb', 'bgr']).describe('order of the colours, and of the two lists below'),
  mean: triple.describe('subtracted from each channel, in grey values from 0 to 255'),
  deviation: triple.describe('each channel is divided by it, in grey values'),
  // sources.md row 27
  scaling: intensityScaling
    .default({ kind: 'auto' })
    .describe("how a file's numbers become 0-255 ([data.md](data.md#intensities))"),
  channel: z
    .union([positive, z.string().min(1)])
    .optional()
    .describe(
      'which channel of files with several is read as a grey image: its number from 1, or its name ([data.md](data.md#what-a-tiff-means))',
    ),
});

const resizeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).describe('images keep their shape'),
  z
    .strictObject({ kind: z.literal('square'), side: positive.describe('side of the square, in pixels') })
    .describe('a square, whatever the shape, as the paper does with leaves'),
]);

const weightAverageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).describe('those of the step'),
  z
    .strictObject({
      kind: z.literal('exponential'),
      // a <- d a + (1 - d) w, with d = min(decay, (1 + step) / (10 + step))
      decay: share.default(0.999).describe('share of the moving average that stays at every step, less at the start'),
    })
    .describe('a moving average over steps'),
]);

const probability = share.describe('how often it happens');

const augmentationSchema = z.strictObject({
  flips: z.boolean().describe('mirror left-right and top-bottom, each with probability 1/2'),
  quarterTurns: z.boolean().describe('turn by 0, 90, 180 or 270 degrees'),
  gaussianBlur: z.strictObject({
    probability,
    maxSigma: z.number().positive().describe('sigma is drawn evenly from 0 to this, in pixels'),
  }),
  medianBlur: z.strictObject({
    probability,
    sizes: z.array(positive).min(1).describe('the side of the square is one of these, odd, in pixels'),
  }),
  gaussianNoise: z.strictObject({
    probability,
    maxDeviation: z.number().positive().describe('the deviation is drawn evenly from 0 to this, in grey values'),
  }),
  stainJitter: z
    .strictObject({
      probability: probability.describe(
        'how often the densities of haematoxylin, eosin and DAB are scaled and shifted; for stained tissue alone',
      ),
      scale: share.describe('each density is multiplied by 1 plus or minus up to this'),
      shift: z.number().min(0).describe('and raised or lowered by up to this, in optical density'),
    })
    .default({ probability: 0, scale: 0.2, shift: 0.05 }),
  scale: z
    .strictObject({
      min: z
        .number()
        .positive()
        .describe('patches are cut at a magnification from this; 2 shows every object twice as large'),
      max: z.number().positive().describe('to this; as likely below 1 as above if the two are inverse'),
    })
    .default({ min: 1, max: 1 }),
});

/** How any network is trained. */
export const trainingSchema = z.strictObject({
  iterations: positive.describe('updates, one image patch each'),
  learningRate: z.number().positive().describe('rate of weights after the warm-up'),
  momentum: share.describe('share of the last update that the next one keeps'),
  weightDecay: z.number().min(0).describe('decay of weights; biases and group-norm shifts have none'),
  // sources.md rows 23, F9
  biasRateFactor: z.number().positive().describe('times the rate, for biases and group-norm shifts'),
  warmup: z.strictObject({
    iterations: count.describe('updates in which the rate rises evenly to its full value; 0 for none'),
    factor: share.describe('share of the rate in update 0'),
  }),
  decay: z.strictObject({
    at: z.array(share).describe('shares of the iterations from which on the rate is multiplied'),
    factor: z.number().positive().describe('by this, at each of them'),
  }),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .describe('largest L2 norm of all gradients together; null for no limit, as in the paper'),
  resize: resizeSchema.default({ kind: 'none' }).describe('what every image is brought to before patches are cut'),
  precision: z
    .enum(['f32', 'bf16'])
    .default('f32')
    .describe(
      'type in which convolutions and products read their factors in training; `bf16` on onednn and a processor with avx512_bf16 or AMX; sums and weights are float32',
    ),
  weightAverage: weightAverageSchema
    .default({ kind: 'none' })
    .describe('which weights are validated and kept as the best'),
  patch: z.strictObject({
    size: positive.describe('side of the square patches, in pixels'),
    perImage: positive.describe('patches taken from an image before the next one is read'),
  }),
  augmentation: augmentationSchema,
  validateEvery: positive.describe('updates between two validations, each followed by a checkpoint'),
});

/** How any network reads images: the part of a rule that says in which pieces and at which size. */
export const readingRule = {
  shortSide: positive
    .nullable()
    .default(null)
    .describe(
      "images are brought to this shorter side, in pixels, before they are read, and boxes brought back to the image's pixels; null for never; the release reads leaves at 512 in its folds, at 500 (their own size) for the challenge",
    ),
  tiles: z.strictObject({
    abovePixels: positive.describe('images with more pixels than this are read in overlapping tiles'),
    size: positive.describe('side of a tile, in pixels'),
    overlap: count.describe('what neighbouring tiles share at least, in pixels; twice the largest object is safe'),
  }),
  precision: z
    .enum(['f32', 'bf16'])
    .default('f32')
    .describe(
      'type in which convolutions and products read their factors in prediction; `bf16` on onednn and a processor with avx512_bf16 or AMX; sums and results are float32',
    ),
};

/** The keys that the config of every network has, besides `kind` and `test`. */
export const commonKeys = {
  preset: z.string().describe('the preset that the config grew from; a name for people'),
  seed: z
    .int()
    .min(0)
    .describe('start of every random stream: initial weights, order of images, patches, augmentation, sampling'),
  input: inputSchema.describe('what the network sees'),
  training: trainingSchema.describe('how it learns'),
};

/** What a rule of prediction always says. */
export type ReadingRule = Readonly<z.infer<z.ZodObject<typeof readingRule>>>;

/** What is known of every config; each family adds keys of its own. Plain JSON. */
export interface NetworkConfig {
  /** The family. */
  readonly kind: string;
  readonly preset: string;
  /** Which reading of the network's paper it follows. */
  readonly fidelity: string;
  readonly seed: number;
  readonly input: z.infer<typeof inputSchema>;
  readonly training: z.infer<typeof trainingSchema>;
  /** The rule of prediction. */
  readonly test: ReadingRule;
}

/** A config of some family with any part left out. Its keys are checked when it is merged. */
export type ConfigPatch = Readonly<Record<string, unknown>>;
