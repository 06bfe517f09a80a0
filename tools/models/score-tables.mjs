import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const columns = ['aji', 'pq', 'dq', 'sq', 'f1', 'dice'];
const block = /<!-- scores: (\S+) -->\n.*?<!-- \/scores -->/gs;

/**
 * A card with its tables of scores written anew. A table stands between `<!-- scores: scores/test.csv -->` and
 * `<!-- /scores -->`; the file is one that `pffnet evaluate --csv` wrote, beside the card.
 * @param {string} card Markdown
 * @param {URL} folder the card's
 */
export function withScoreTables(card, folder) {
  return card.replace(block, (_, file) => {
    const rows = parse(readFileSync(new URL(file, folder), 'utf8'), { columns: true });
    return [
      `<!-- scores: ${file} -->`,
      '<!-- prettier-ignore-start -->\n',
      scoreTable(rows),
      '\n<!-- prettier-ignore-end -->',
      '<!-- /scores -->',
    ].join('\n');
  });
}

/** The images' scores, their means first; a score that is undefined is left out of its mean. */
function scoreTable(rows) {
  const total = (column) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  const mean = (column) => {
    const known = rows.map((row) => row[column]).filter((text) => text !== '');
    return known.length === 0 ? '-' : known.reduce((sum, text) => sum + Number(text), 0) / known.length;
  };
  const shown = (value) => (value === '' || value === '-' ? '-' : Number(value).toFixed(3));
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const bold = (text) => `**${text}**`;
  return [
    line(['image', 'nuclei', 'found', ...columns.map((name) => (name === 'dice' ? 'Dice' : name.toUpperCase()))]),
    line(['---', ...new Array(columns.length + 2).fill('---:')]),
    line([
      bold(`mean of ${rows.length}`),
      total('truthCount'),
      total('predictedCount'),
      ...columns.map((name) => bold(shown(mean(name)))),
    ]),
    ...rows.map((row) =>
      line([row.name, row.truthCount, row.predictedCount, ...columns.map((name) => shown(row[name]))]),
    ),
  ].join('\n');
}
