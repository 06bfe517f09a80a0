import { add, mul, type Scalar, scalar, tidy } from '@tensorflow/tfjs-core';
import type { LossTerms } from './learning-step.ts';
import type { LossTermSpec } from './network.ts';

/**
 * Sum of the terms, each times its weight, in the order of their specification.
 * @returns a scalar; 0 without terms. A term of weight 0 is left out: it costs no backward pass and gives no gradient.
 * @throws Error if there is a term that is not specified.
 */
export function totalLoss(terms: LossTerms, specs: readonly LossTermSpec[]): Scalar {
  const unknown = Object.keys(terms).find((term) => specs.every(({ name }) => name !== term));
  if (unknown !== undefined) throw new Error(`totalLoss: the network does not specify its loss term ${unknown}`);
  return tidy(() => {
    let total: Scalar | undefined;
    for (const { name, weight } of specs) {
      if (!(name in terms) || weight === 0) continue;
      const weighted: Scalar = mul(terms[name], weight);
      total = total === undefined ? weighted : add(total, weighted);
    }
    return total ?? scalar(0);
  });
}
