import * as z from 'zod';

const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const intensityScaling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }),
  z.strictObject({ kind: z.literal('range') }),
  z.strictObject({ kind: z.literal('min-max') }),
  z.strictObject({ kind: z.literal('percentile'), low: z.number().min(0).max(100), high: z.number().min(0).max(100) }),
]);

/** How the image of a file becomes what the network sees: (pixel - mean) / deviation, pixels 0..255. */
export const inputSchema = z.strictObject({
  channelOrder: z.enum(['rgb', 'bgr']),
  mean: triple,
  deviation: triple,
  /** How a file's numbers become 0..255 (sources.md row 27); `auto` takes 8 bits as they are and scales deeper files. */
  scaling: intensityScaling.default({ kind: 'auto' }),
  /** Which channel of files with several is read as a grey image: its number from 1, or its name. */
  channel: z.union([positive, z.string().min(1)]).optional(),
});

/** How any network is trained. */
export const trainingSchema = z.strictObject({
  /** Updates, one image patch each. */
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
  /**
   * Weights that are validated and kept as the best: those of the step, or their moving average over steps,
   * a <- d a + (1 - d) w, with d = min(decay, (1 + step) / (10 + step)).
   */
  weightAverage: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('exponential'), decay: share.default(0.999) }),
    ])
    .default({ kind: 'none' }),
  /** Square patches, side in pixels, and how many are cut from an image before the next one is read. */
  patch: z.strictObject({ size: positive, perImage: positive }),
  augmentation: z.strictObject({
    flips: z.boolean(),
    quarterTurns: z.boolean(),
    gaussianBlur: z.strictObject({ probability: share, maxSigma: z.number().positive() }),
    medianBlur: z.strictObject({ probability: share, sizes: z.array(positive).min(1) }),
    gaussianNoise: z.strictObject({ probability: share, maxDeviation: z.number().positive() }),
    /** Scales and shifts the stains' optical densities: for stained tissue in colour. */
    stainJitter: z
      .strictObject({ probability: share, scale: share, shift: z.number().min(0) })
      .default({ probability: 0, scale: 0.2, shift: 0.05 }),
    /** Patches are cut at a magnification between these, so that objects come in more sizes. */
    scale: z.strictObject({ min: z.number().positive(), max: z.number().positive() }).default({ min: 1, max: 1 }),
  }),
  /** Iterations between two validations, each followed by a checkpoint. */
  validateEvery: positive,
});

/** How any network reads images: the part of a rule that says in which pieces and at which size. */
export const readingRule = {
  /** Images are brought to this shorter side before they are read, and the objects found brought back; null for never. */
  shortSide: positive.nullable().default(null),
  /** Images with more pixels than `abovePixels` are read in overlapping squares of `size` pixels. */
  tiles: z.strictObject({ abovePixels: positive, size: positive, overlap: count }),
};

/** The keys that the config of every network has, besides `kind` and `test`. */
export const commonKeys = {
  /** The preset that it grew from. */
  preset: z.string(),
  /** Start of every random stream: initial weights, order of images, augmentation, sampling. */
  seed: z.int().min(0),
  input: inputSchema,
  training: trainingSchema,
};

/** What a rule of prediction always says. */
export interface ReadingRule {
  readonly shortSide: number | null;
  readonly tiles: { readonly abovePixels: number; readonly size: number; readonly overlap: number };
}

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
