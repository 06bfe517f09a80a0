import type { ImageScores, Summary } from '@pffnet/metrics';

/** A score as text; what is undefined stays visible. */
export const scoreText = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(4));

/** The four scores of the paper's tables on one line. */
export function scoresLine({ aji, dice, f1, pq }: Summary['mean']): string {
  return `AJI ${scoreText(aji)}, Dice ${scoreText(dice)}, F1 ${scoreText(f1)}, PQ ${scoreText(pq)}`;
}

/** One row per image; undefined scores are empty. */
export function scoresCsv(images: readonly ImageScores[]): string {
  if (images.length === 0) return '';
  const columns = Object.keys(images[0]) as (keyof ImageScores)[];
  const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = images.map((scores) => columns.map((column) => quote(String(scores[column] ?? ''))).join(','));
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}
