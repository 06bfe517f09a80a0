import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { cardFolders } from './cards.mjs';
import { withScoreTables } from './score-tables.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-cards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a table has the means first, and leaves undefined scores out of them', () => {
  const rows = ['name,truthCount,predictedCount,aji,pq,dq,sq,f1,dice', 'a,2,1,0.5,0.4,0.5,0.8,0.6,0.7', 'b,0,0,,,,,,'];
  writeFileSync(join(folder, 'test.csv'), `${rows.join('\n')}\n`);
  const card = 'Scores:\n\n<!-- scores: test.csv -->\nold\n<!-- /scores -->\n\nEnd.\n';
  const written = withScoreTables(card, pathToFileURL(`${folder}/`));
  expect(written.split('\n').filter((line) => line.startsWith('|'))).toEqual([
    '| image | nuclei | found | AJI | PQ | DQ | SQ | F1 | Dice |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| **mean of 2** | 2 | 1 | **0.500** | **0.400** | **0.500** | **0.800** | **0.600** | **0.700** |',
    '| a | 2 | 1 | 0.500 | 0.400 | 0.500 | 0.800 | 0.600 | 0.700 |',
    '| b | 0 | 0 | - | - | - | - | - | - |',
  ]);
  expect(written).toMatch(/^Scores:\n\n.*\n\nEnd\.\n$/s);
});

test.each(cardFolders.map((url) => [url.pathname.split('/').at(-2), url]))(
  'the card of %s shows the scores beside it; node tools/models/write-cards.mjs writes them',
  (_, url) => {
    const card = readFileSync(new URL('card.md', url), 'utf8');
    expect(card).toContain('<!-- scores: ');
    expect(withScoreTables(card, url)).toBe(card);
  },
);
