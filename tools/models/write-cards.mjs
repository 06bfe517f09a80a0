/*
 * Writes the tables of scores in the cards of all models anew, from the CSV files beside them:
 *   pffnet evaluate --pred predicted --truth labels --csv packages/models/models/<name>/scores/<part>.csv
 *   node tools/models/write-cards.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cardFolders } from './cards.mjs';
import { withScoreTables } from './score-tables.mjs';

for (const folder of cardFolders) {
  const card = new URL('card.md', folder);
  const before = readFileSync(card, 'utf8');
  const after = withScoreTables(before, folder);
  if (after === before) continue;
  writeFileSync(card, after);
  console.log(`written: ${card.pathname}`);
}
