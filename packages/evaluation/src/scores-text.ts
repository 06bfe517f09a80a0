import { type ImageScores, scoreNames, type ScoreRow, type Summary } from '@pffnet/metrics';
import { stringify } from 'csv-stringify/sync';

/** A score as text; what is undefined stays visible. */
export const scoreText = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(4));

/** The four scores of the paper's tables on one line. */
export function scoresLine({ aji, dice, f1, pq }: ScoreRow): string {
  return `AJI ${scoreText(aji)}, Dice ${scoreText(dice)}, F1 ${scoreText(f1)}, PQ ${scoreText(pq)}`;
}

/** One row per image; undefined scores are empty. */
export function scoresCsv(images: readonly ImageScores[]): string {
  return stringify([
    ['name', ...scoreNames],
    ...images.map((scores) => [scores.name, ...scoreNames.map((column) => scores[column])]),
  ]);
}

/** Scores as `--json` and `metrics.json` hold them; warnings for people are said, not stored. */
export function scoresJson({ policy, images, mean, std }: Summary): Omit<Summary, 'warnings'> {
  return { policy, images, mean, std };
}

/** A summary's warnings, those that say the same of several scores on one line. */
export function warningLines({ warnings }: Pick<Summary, 'warnings'>): string[] {
  const scoresOf = new Map<string, string[]>();
  for (const warning of warnings) {
    const [score, ...words] = warning.split(': ');
    const text = words.join(': ');
    scoresOf.set(text, [...(scoresOf.get(text) ?? []), score]);
  }
  return [...scoresOf].map(([text, scores]) => `${scores.join(', ')}: ${text}`);
}
