import * as z from 'zod';

const count = z.int().min(1);

const normSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('group'),
      groups: count.describe('groups of the group norm; divides `width` and `pyramidChannels`; 32 in the paper'),
    })
    .describe('learned group norm'),
  z
    .strictObject({ kind: z.literal('frozen-affine') })
    .describe('the fixed scale and shift that a frozen batch norm leaves, for imported weights'),
]);

/** The options of a backbone, each with its meaning; `init` is read by whoever loads weights. */
export const backboneSchema = z.strictObject({
  depth: z
    .literal([18, 34, 50, 101])
    .describe('layers of the ResNet: basic blocks at 18 and 34, bottlenecks at 50 and 101'),
  width: count.describe('channels of the stem, 64 in the paper; the stages have 1, 2, 4, 8 times as many inside'),
  pyramidChannels: count.describe('channels of P2 to P6, and so of every RoI; 256 in the paper'),
  norm: normSchema.describe('how activations are normalised'),
  freezeStages: z.literal([0, 1, 2, 3, 4]).default(0).meta({
    description: 'stages from the stem on that do not train; 2 is the stem and C2',
    released: 2,
  }),
  strideIn: z
    .enum(['3x3', '1x1'])
    .describe("which convolution of a bottleneck halves the map; `1x1` in Caffe's and Keras' weights"),
  init: z
    .string()
    .min(1)
    .default('random')
    .describe('where the ResNet starts: `random`, or a safetensors file of ImageNet kernels'),
});

/** Which ResNet, how wide, what of it trains, and where it starts, as a config says it. */
export type BackboneOptions = z.infer<typeof backboneSchema>;

/** Which ResNet, how wide, and what of it trains. */
export type BackboneConfig = Readonly<Omit<BackboneOptions, 'init'>>;

/** How activations are normalised: learned group norm, or the scale and shift that a frozen batch norm leaves. */
export type BackboneNorm = BackboneConfig['norm'];

/** What a backbone is built from. */
export const architectureSchema = backboneSchema.omit({ init: true }).strip();
