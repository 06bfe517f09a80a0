import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { markdownTable, numbers, withBlocks } from '../markdown.mjs';

const columns = ['aji', 'pq', 'dq', 'sq', 'f1', 'dice'];

/**
 * A card with its tables of scores written anew. A table stands between `<!-- scores: scores/test.csv -->` and
 * `<!-- /scores -->`; the file is one that `pffnet evaluate --csv` wrote, beside the card.
 * @param {string} card Markdown
 * @param {URL} folder the card's
 */
export function withScoreTables(card, folder) {
  return withBlocks(card, 'scores', (file) =>
    scoreTable(parse(readFileSync(new URL(file, folder), 'utf8'), { columns: true })),
  );
}

/** The images' scores, their means first; a score that is undefined is left out of its mean. */
function scoreTable(rows) {
  const total = (column) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  const mean = (column) => {
    const known = rows.map((row) => row[column]).filter((text) => text !== '');
    return known.length === 0 ? '-' : known.reduce((sum, text) => sum + Number(text), 0) / known.length;
  };
  const shown = (value) => (value === '' || value === '-' ? '-' : Number(value).toFixed(3));
  const bold = (text) => `**${text}**`;
  const heads = ['image', 'nuclei', 'found', ...columns.map((name) => (name === 'dice' ? 'Dice' : name.toUpperCase()))];
  const means = [
    bold(`mean of ${rows.length}`),
    total('truthCount'),
    total('predictedCount'),
    ...columns.map((name) => bold(shown(mean(name)))),
  ];
  const images = rows.map((row) => [
    row.name,
    row.truthCount,
    row.predictedCount,
    ...columns.map((name) => shown(row[name])),
  ]);
  return markdownTable(heads, [means, ...images], numbers(heads));
}
