import type { Geometry } from '@pffnet/structures';
import type { InitialOutputs } from '@pffnet/tensor-ops';
import * as z from 'zod';

/** The switches that all fusions of masks have, with meaning and default; `released` is what the released code does. */
export const pastingOptions = {
  // Table IX keeps the refinement for every kind, Cell R-CNN V2 has none.
  head: z
    .enum(['refine', 'none'])
    .default('refine')
    .describe('what follows the fused map: `refine` (ReLU, 3x3, ReLU, 1x1) or nothing'),
  // sources.md row 2
  detachMask: detachMask(false),
  // The released code swaps rows and columns of a mask's window (sources.md row 7); for parity only.
  window: z.enum(['exact', 'released-extent-swap']).default('exact').meta({
    description: 'how a box becomes a window',
    released: 'released-extent-swap',
  }),
};

/** The switches of both attentions. */
export const attentionOptions = {
  ...pastingOptions,
  detachMask: detachMask(true),
  // Eq. 2 and Algorithm 1 squash masks, then resize them; the released code resizes logits (sources.md row F1).
  order: z.enum(['sigmoid-resize', 'resize-sigmoid']).default('sigmoid-resize').meta({
    description: 'squash masks, then resize them, or the other way',
    released: 'resize-sigmoid',
  }),
  // sources.md row 10
  channels: z.enum(['fg_only', 'both', 'fg_to_both', 'fg_complement']).default('fg_only').meta({
    description: 'which mask channel acts on which channel of the map',
    released: 'both',
  }),
  // RoI after RoI, so that overlaps compound (Algorithm 1), or once, by the largest (sources.md row 6).
  compose: z
    .enum(['sequential', 'max'])
    .default('sequential')
    .describe('overlaps compound, or the largest mask counts once'),
};

/** Logits are pasted with their gradient in the release too, which stops that of its attention alone. */
function detachMask(released: boolean): z.ZodDefault<z.ZodBoolean> {
  const description = "whether the gradient of the fused map's losses stops before the masks";
  return z.boolean().default(false).meta({ description, released });
}

/** What the wiring knows besides a fusion's own switches. */
export interface FusionContext {
  /** How the boxes' edges are read (sources.md row 36). */
  readonly geometry: Geometry;
  /** Where the head's layers start; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/** What all fusions of masks have in common. */
export type PastingOptions = Readonly<z.infer<z.ZodObject<typeof pastingOptions>>> & FusionContext;

/** What both attentions have in common. */
export type AttentionOptions = Readonly<z.infer<z.ZodObject<typeof attentionOptions>>> & FusionContext;
