import { type ImageScores, scoreNames, type ScoreRow } from '@pffnet/metrics';
import { csv } from './csv.ts';

/** A score as text; what is undefined stays visible. */
export const scoreText = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(4));

/** The four scores of the paper's tables on one line. */
export function scoresLine({ aji, dice, f1, pq }: ScoreRow): string {
  return `AJI ${scoreText(aji)}, Dice ${scoreText(dice)}, F1 ${scoreText(f1)}, PQ ${scoreText(pq)}`;
}

/** One row per image; undefined scores are empty. */
export function scoresCsv(images: readonly ImageScores[]): string {
  return csv([
    ['name', ...scoreNames],
    ...images.map((scores) => [scores.name, ...scoreNames.map((column) => scores[column])]),
  ]);
}

/** Columns of numbers under a head, names to the left, for a terminal. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
