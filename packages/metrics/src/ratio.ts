/** A score before its division, so that images can be pooled by adding numerators and denominators. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** @returns the quotient, or null when it is undefined (0 / 0). */
export function ratioValue({ numerator, denominator }: Ratio): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
