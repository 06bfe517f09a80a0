import { type Initializer, normal } from './initializers.ts';

/**
 * Where the layers that predict start. `published`: as the paper and its released code have it. `informed`: where every
 * loss is that of a guess that knows how often each answer is right and nothing else: small kernels, the prior as bias.
 */
export const INITIAL_OUTPUTS = ['published', 'informed'] as const;
export type InitialOutputs = (typeof INITIAL_OUTPUTS)[number];

/** Initial kernel of a layer that gives the logits of two classes: `informed` is so small that the loss starts at ln 2. */
export function initialLogitsKernel(start: InitialOutputs, published: Initializer): Initializer {
  return start === 'published' ? published : normal(0.001);
}

/**
 * Initial value of a logit whose sigmoid is a probability.
 * @param prior - the probability p, 0..1; brought into 0.01..0.99, so that learning can leave it again.
 * @returns log(p / (1 - p)), or 0 for `published`.
 */
export function initialLogit(start: InitialOutputs, prior: number): number {
  if (start === 'published') return 0;
  const p = Math.min(0.99, Math.max(0.01, prior));
  return Math.log(p / (1 - p));
}
