import { type ImageScores, type ScoreName, scoreNames } from './image-scores.ts';
import { definedScore, type ScorePolicy } from './score-policy.ts';
import { addTallies, scoresOf, type Tally } from './tally.ts';

/** One number per score; null when no image has it. */
export type ScoreRow = Readonly<Record<ScoreName, number | null>>;

/** Scores of many images: each, their mean, and how they spread. */
export interface Summary {
  readonly policy: ScorePolicy;
  readonly images: readonly ImageScores[];
  /** Mean over images, every image weighing the same. */
  readonly mean: ScoreRow;
  /** Population standard deviation over images (divided by n). */
  readonly std: ScoreRow;
  /** One line per score that was undefined in some image, with the number of images and what became of them. */
  readonly warnings: readonly string[];
}

/**
 * Mean and spread of scores over images.
 * @param images - as {@link scoreImage} gives them; may be empty.
 * @remarks Source: the authors' evaluation averages per image with numpy's standard deviation (ddof 0).
 */
export function summarise(images: readonly ImageScores[], policy: ScorePolicy): Summary {
  const mean = {} as Record<ScoreName, number | null>;
  const std = {} as Record<ScoreName, number | null>;
  const warnings: string[] = [];
  for (const score of scoreNames) {
    const undefinedIn = images.filter((image) => image[score] === null);
    if (undefinedIn.length > 0) warnings.push(warning(score, undefinedIn, images.length, policy));
    const values = images.map((image) => definedScore(image[score], policy)).filter((value) => value !== null);
    [mean[score], std[score]] = meanAndStd(values);
  }
  return { policy, images, mean, std, warnings };
}

/**
 * Scores over the objects and pixels of all images together, so that an image weighs as much as its content.
 * @param tallies - one per image, by {@link tallyOverlaps} with the same policy.
 * @returns the row named `pooled`; `countDifference` is the sum over images.
 */
export function pooledScores(tallies: readonly Tally[], policy: ScorePolicy): ImageScores {
  return scoresOf('pooled', addTallies(tallies, policy));
}

function warning(score: ScoreName, images: readonly ImageScores[], total: number, { emptyAs }: ScorePolicy): string {
  const shown = images.slice(0, 3).map(({ name }) => name);
  const names = images.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
  const treatment = emptyAs === 'skip' ? 'left out of the mean' : `counted as ${emptyAs}`;
  return `${score}: undefined in ${images.length} of ${total} images, where neither map has an object; ${treatment} (${names})`;
}

function meanAndStd(values: readonly number[]): [mean: number | null, std: number | null] {
  if (values.length === 0) return [null, null];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance)];
}
