import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { ajiOnce, overlapTable, panopticQuality, scoreImage, summarise } from '../src/index.ts';

function example() {
  // README
  const truth = labelMap(2, 6, [1, 1, 0, 2, 2, 2, 1, 1, 0, 2, 2, 2]);
  const prediction = labelMap(2, 6, [5, 5, 0, 0, 9, 9, 5, 5, 0, 0, 9, 9]);

  const table = overlapTable(prediction, truth);
  const score = ajiOnce(table); // (4 + 4) / (4 + 6) = 0.8
  const { pq } = panopticQuality(table); // 1 * (1 + 4 / 6) / 2 = 0.833…

  const policy = { emptyAs: 'skip', numbering: 'objects' } as const;
  const image = scoreImage('cells', prediction, truth, policy); // every score below
  const { mean, std, warnings } = summarise([image], policy);
  // end
  return { score, pq, mean, std, warnings };
}

describe('the example in the README', () => {
  test('gives the scores that it shows', () => {
    const { score, pq, mean, std, warnings } = example();
    expect(score).toBe(0.8);
    expect(pq).toBeCloseTo(5 / 6, 15);
    expect([mean.ajiOnce, std.ajiOnce, warnings]).toEqual([0.8, 0, []]);
  });

  test('is the code above', () => {
    const source = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
    const lines = source.split('  // README\n')[1].split('  // end\n')[0].replace(/^ {2}/gm, '');
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain('```ts\n' + lines + '```');
  });
});
