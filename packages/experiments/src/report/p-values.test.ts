import { describe, expect, test } from '@jest/globals';
import { pairedTTest } from '@pffnet/metrics';
import { finishedRun } from '../../test/finished-run.ts';
import { groupRuns } from './cell.ts';
import { pValueTables } from './p-values.ts';

describe('pValueTables', () => {
  const ours = { a: 0.6, b: 0.7, c: 0.5, d: 0.8 };
  const theirs = { d: 0.6, c: 0.55, b: 0.65, a: 0.5, e: 0.9 };
  const groups = groupRuns([
    finishedRun({ protocol: 'cells', aji: ours }),
    finishedRun({ protocol: 'cells', variant: 'mask-rcnn', aji: theirs }),
  ]);

  test('pairs images by name, those that both were tested on', () => {
    const [, cells] = pValueTables(groups);
    expect(cells.rows.map(({ label, paper }) => [label, paper])).toEqual([['mask-rcnn', null]]);
    const { tTest, count } = cells.rows[0].ours!.ajiOnceLegacy;
    expect(count).toBe(4);
    expect(tTest.p).toBe(pairedTTest([0.6, 0.7, 0.5, 0.8], [0.5, 0.65, 0.55, 0.6]).p);
  });

  test('Kumar has the paper’s rows, quoted ones too, without runs', () => {
    const [kumar] = pValueTables([]);
    expect(kumar.rows.map(({ label, ours: none, paper }) => [label, none, paper?.[0]])).toEqual([
      ['CNN3', null, 2.69e-3],
      ['DIST', null, 2.35e-6],
      ['Mask R-CNN', null, 6.44e-5],
      ['Cell R-CNN', null, 3.93e-6],
      ['Cell R-CNN V2', null, 7.02e-4],
    ]);
  });

  test('without PFFNet there is nothing to compare with', () => {
    const tables = pValueTables(groupRuns([finishedRun({ protocol: 'cells', variant: 'mask-rcnn', aji: theirs })]));
    expect(tables.map(({ protocol }) => protocol)).toEqual(['kumar']);
  });
});
