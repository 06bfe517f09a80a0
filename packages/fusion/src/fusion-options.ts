import type { Geometry } from '@pffnet/structures';
import type { InitialOutputs } from '@pffnet/tensor-ops';
import * as z from 'zod';

/** The switches that all fusions of masks have, with their meaning and default: stated here alone. */
export const pastingOptions = {
  // Table IX keeps the refinement for every kind, Cell R-CNN V2 has none.
  head: z.enum(['refine', 'none']).default('refine').describe('what follows the fused map'),
  // sources.md row 2
  detachMask: z
    .boolean()
    .default(false)
    .describe("whether the gradient of the fused map's losses stops before the masks"),
  // The released code swaps rows and columns of a mask's window (sources.md row 7); for parity only.
  window: z.enum(['exact', 'released-extent-swap']).default('exact').describe('how a box becomes a window'),
};

/** The switches of both attentions. */
export const attentionOptions = {
  ...pastingOptions,
  // Eq. 2 and Algorithm 1 squash masks, then resize them; the released code resizes logits (sources.md row F1).
  order: z
    .enum(['sigmoid-resize', 'resize-sigmoid'])
    .default('sigmoid-resize')
    .describe('of the attentions: squash masks, then resize them, or the other way'),
  // sources.md row 10
  channels: z
    .enum(['fg_only', 'both', 'fg_to_both', 'fg_complement'])
    .default('fg_only')
    .describe('of the attentions: which mask channel acts on which channel of the map'),
  // RoI after RoI, so that overlaps compound (Algorithm 1), or once, by the largest (sources.md row 6).
  compose: z
    .enum(['sequential', 'max'])
    .default('sequential')
    .describe('of the attentions: overlaps compound, or the largest mask counts once'),
};

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

/** The switches that each reading of the paper turns. */
export interface FusionReadings {
  readonly paper: Partial<Omit<AttentionOptions, keyof FusionContext>>;
  readonly 'released-code': Partial<Omit<AttentionOptions, keyof FusionContext>>;
}

/** Logits are pasted with their gradient in both readings. */
export const pastingReadings: FusionReadings = {
  paper: { detachMask: false, window: 'exact' },
  'released-code': { detachMask: false, window: 'released-extent-swap' },
};

/** The release stops the attention's gradient before the masks, and resizes logits of both channels. */
export const attentionReadings: FusionReadings = {
  paper: { detachMask: false, window: 'exact', order: 'sigmoid-resize', channels: 'fg_only' },
  'released-code': {
    detachMask: true,
    window: 'released-extent-swap',
    order: 'resize-sigmoid',
    channels: 'both',
  },
};
