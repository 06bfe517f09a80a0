import { describe, expect, test } from '@jest/globals';
import { finishedRun } from '../../test/finished-run.ts';
import { groupRuns } from './cell.ts';
import { htmlPValues } from './html-table.ts';
import { latexPValues, markdownPValues, pValueColumns, pValueRecords } from './p-value-text.ts';
import { pValueTables } from './p-values.ts';

describe('Table III as text', () => {
  const tables = pValueTables(
    groupRuns([
      finishedRun({ protocol: 'kumar', aji: { a: 0.6, b: 0.7, c: 0.5 } }),
      finishedRun({ protocol: 'kumar', variant: 'cell-rcnn', aji: { a: 0.5, b: 0.65, c: 0.4 } }),
      finishedRun({ protocol: 'kumar', variant: 'mask-rcnn', iterations: 30, aji: { a: 0.5, b: 0.65, c: 0.4 } }),
    ]),
  );

  // By hand: differences 0.1, 0.05, 0.1 give t = 5 at two degrees of freedom, p = (1 - 5 / sqrt(27)) / 2.
  test('Markdown: the paper’s p, ours with what produced it, the difference', () => {
    const text = markdownPValues(tables);
    expect(text).toMatch(/^## Table III: .*\n\n### kumar\n\n\*\*Every number of ours in this table is SCALED DOWN/);
    expect(text).toContain('| CNN3 *(quoted by the paper from Kumar et al. 2017)* | 2.69e-3 | 1.67e-2 | 0.34 | – |');
    expect(text).toMatch(
      /\| Cell R-CNN \| 3.93e-6<br>\*\*1\.89e-2\*\* Holm \S+ <sup>a<\/sup><br>0\.083 \[0\.050, 0\.100\], n = 3 \|/,
    );
    expect(text).toMatch(/\n- <sup>a<\/sup> SCALED DOWN \(.*60 of 25600 steps.*\n- <sup>b<\/sup> .*30 of 25600 steps/);
  });

  test('networks that were trained differently have both notes', () => {
    const { rows } = tables[0];
    expect(rows.map(({ label, marks }) => [label, marks])).toEqual([
      ['CNN3', []],
      ['DIST', []],
      ['Mask R-CNN', ['a', 'b']],
      ['Cell R-CNN', ['a']],
      ['Cell R-CNN V2', []],
    ]);
  });

  test('LaTeX has as many cells in every line, and no bare special character', () => {
    const text = latexPValues(tables);
    const lines = text.split('\n').filter((line) => line.endsWith('\\\\'));
    expect(new Set(lines.map((line) => line.split('&').length))).toEqual(new Set([5]));
    expect(text.replaceAll('&', '')).not.toMatch(/[–−±’]|(?<!\\)[%#]/);
  });

  test('CSV has a line per cell that says what produced it', () => {
    const records = pValueRecords(tables).map((values) =>
      Object.fromEntries(pValueColumns.map((column, at) => [column, values[at]])),
    );
    expect(records).toHaveLength(5 * 4);
    expect(records[0]).toMatchObject({ row: 'CNN3', quoted_from: 'Kumar et al. 2017', paper_p: 2.69e-3, p: null });
    expect(records[8]).toMatchObject({ row: 'Mask R-CNN', images: 3, scaled_down: 'yes' });
    expect(records[8].produced_by).toMatch(/60 of 25600 steps.* \| .*30 of 25600 steps/);
  });

  test('HTML marks numbers of scaled-down runs', () => {
    const html = htmlPValues(tables);
    expect(html.match(/<td class="scaled">/g)).toHaveLength(8);
    expect(html).toContain('SCALED DOWN');
  });
});
