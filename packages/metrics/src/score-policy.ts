/** The choices behind a table of scores, by name; printed with every result. */
export interface ScorePolicy {
  /** How a score that is undefined (`null`, both maps empty) enters a mean: as 1, as 0, or not at all. */
  readonly emptyAs: 'one' | 'zero' | 'skip';
  /**
   * What Dice, best Dice and the count difference take for objects: every id but 0, or what the CVPPP evaluation does
   * (the smallest label is background, gaps count).
   */
  readonly numbering: 'objects' | 'cvppp-strict';
}

/** The score as the policy counts it: what is undefined becomes 1, 0, or stays null and is left out. */
export function definedScore(score: number | null, { emptyAs }: ScorePolicy): number | null {
  if (score !== null) return score;
  switch (emptyAs) {
    case 'one':
      return 1;
    case 'zero':
      return 0;
    case 'skip':
      return null;
  }
}

/** Undefined scores are left out of the means; 0 is background and gaps between ids cost nothing. */
export const defaultPolicy: ScorePolicy = { emptyAs: 'skip', numbering: 'objects' };
