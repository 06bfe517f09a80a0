import { add, mul, type Scalar, scalar, tidy } from '@tensorflow/tfjs-core';

/** The terms of Eq. 5, in its order, and the consistency of Eq. 4. */
export const lossNames = [
  'rpn-objectness',
  'rpn-box',
  'box-class',
  'box-regression',
  'mask',
  'quality',
  'semantic',
  'fused-semantic',
  'consistency',
] as const;

/** A term of the training loss, by the name it has in logs. */
export type LossName = (typeof lossNames)[number];

/** The terms that a network has: one without the quality branch has no `quality`. */
export type LossTerms = Partial<Record<LossName, Scalar>>;

/**
 * Sum of the terms, each times its weight.
 * @returns a scalar; 0 without terms. A term of weight 0 is left out: it costs no backward pass and gives no gradient.
 * @remarks Source: Eq. 5. The paper weighs both semantic terms with 0.1, the released code with 1 (sources.md row 1).
 */
export function totalLoss(terms: LossTerms, weights: Readonly<Record<LossName, number>>): Scalar {
  return tidy(() => {
    let total: Scalar | undefined;
    for (const name of lossNames) {
      const term = terms[name];
      if (term === undefined || weights[name] === 0) continue;
      const weighted: Scalar = mul(term, weights[name]);
      total = total === undefined ? weighted : add(total, weighted);
    }
    return total ?? scalar(0);
  });
}
