import { describe, expect, test } from '@jest/globals';
import { presets, profiles, vary } from '@pffnet/pffnet';
import { finishedRun } from '../../test/finished-run.ts';
import { groupRuns } from './cell.ts';
import { htmlTable } from './html-table.ts';
import { type ReportTable, reportTables } from './report-table.ts';
import { scaleOf, scaleText } from './scale.ts';
import { latexTable, markdownTable, recordColumns, tableRecords } from './table-text.ts';
import { tex } from './tex.ts';

const tablesOf = (...runs: Parameters<typeof finishedRun>[0][]): Map<string, ReportTable> =>
  new Map(reportTables(groupRuns(runs.map(finishedRun))).map((table) => [table.name, table]));

const half = { folds: 3, aji: { a: 0.4, b: 0.6 } };

describe('reportTables', () => {
  test('puts a run into every table that has its network and data set', () => {
    const tables = tablesOf(half);
    const places = [...tables].flatMap(([name, { rows }]) =>
      rows.flatMap(({ label, cells }) => (cells.some(({ ours }) => ours !== null) ? [`${name} ${label}`] : [])),
    );
    expect(places).toEqual([
      'table-iv PFFNet',
      'table-viii PFFNet',
      'table-ix (d) residual attention',
      'table-x with',
      'table-xi with',
    ]);
  });

  test('a cell has the paper’s number, ours and the difference', () => {
    const { rows, notes } = tablesOf(half).get('table-iv')!;
    const [cell] = rows.at(-1)!.cells;
    expect(cell.paper).toEqual({ mean: 0.6313, std: 0.075 });
    expect(cell.ours?.mean).toBeCloseTo(0.5, 12);
    expect(cell.difference).toBeCloseTo(0.5 - 0.6313, 12);
    expect(notes).toEqual([
      {
        mark: 'a',
        scaledDown: true,
        text: 'SCALED DOWN (preset smoke, not paper; 60 of 12000 steps; patches of 128 pixels, not 256; 1 of 3 folds; random start, not ImageNet’s): preset smoke (paper), 60 steps of 128 x 128 pixels, random start, wasm (SIMD, 1 thread), 1 of 3 folds, 1 seed, 2 test images',
      },
    ]);
  });

  test('other data sets get columns of their own, never those of the paper', () => {
    const { columns, rows } = tablesOf({ ...half, protocol: 'cells', folds: 1 }).get('table-x')!;
    expect(columns.filter(({ added }) => added).map(({ group, head }) => `${group} ${head}`)).toEqual(
      ['AJI', 'Dice', 'F1', 'PQ'].map((score) => `synthetic cells ${score}`),
    );
    const { cells } = rows[1];
    expect(cells.map(({ ours }) => ours === null)).toEqual([...Array(11).fill(true), ...Array(4).fill(false)]);
    expect(cells.slice(11).every(({ difference }) => difference === null)).toBe(true);
  });

  test('quoted rows and networks that are not built say so, and never have a number of ours', () => {
    const tables = tablesOf(half);
    const absences = [...tables.values()].flatMap(({ rows }) => rows.map(({ absence }) => absence));
    expect(absences).toContain('quoted by the paper from Naylor et al. 2019');
    for (const { rows } of tables.values()) {
      for (const { absence, cells } of rows) {
        if (absence !== null) expect(cells.every(({ ours }) => ours === null)).toBe(true);
      }
    }
  });

  test('one’s own networks stand in a table of their own, beside PFFNet', () => {
    const table = tablesOf(half, { ...half, variant: 'mine' }).get('beyond-the-paper')!;
    expect(table.rows.map(({ label, cells }) => [label, cells[0].ours?.mean])).toEqual([
      ['PFFNet', 0.5],
      ['mine', 0.5],
    ]);
  });

  test('a network that the paper quotes has its run in the row of the quoted numbers', () => {
    const run = { ...half, variant: 'dist', protocol: 'kumar', folds: 1 };
    const { absence, cells } = tablesOf(run)
      .get('table-ii')!
      .rows.find(({ label }) => label === 'DIST')!;
    expect(absence).toBeNull();
    expect(cells.map(({ ours, paper }) => [ours === null, paper === null])).toContainEqual([false, false]);
  });

  test('a run of the paper’s networks on a data set that none of their tables has is not lost', () => {
    const table = tablesOf(half, { ...half, variant: 'dist' }).get('beyond-the-paper')!;
    expect(table.rows.map(({ label, cells }) => [label, cells[0].ours?.mean])).toEqual([
      ['PFFNet', 0.5],
      ['dist', 0.5],
    ]);
  });

  test('without runs the tables are the paper’s', () => {
    const tables = reportTables([]);
    expect(tables.map(({ heading }) => heading.split(':')[0])).toEqual(
      ['II', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'].map((number) => `Table ${number}`),
    );
    expect(tables.every(({ notes }) => notes.length === 0)).toBe(true);
  });
});

describe('scaleOf', () => {
  test('lacks nothing when preset, steps, patches, folds, data set and start are the paper’s', () => {
    const run = finishedRun({ folds: 1, aji: { a: 1 } });
    const full = [
      presets.paper,
      profiles.tnbc.rules,
      profiles.tnbc.scale,
      { backbone: { init: 'imagenet.safetensors' } },
    ];
    const config = full.reduce<typeof presets.paper>(
      (base, patch) => vary(base as never, patch) as never,
      presets.paper,
    );
    const scale = scaleOf([{ ...run, config }]);
    expect(scale.lacks).toEqual([]);
    expect(scaleText(scale)).toMatch(
      /^preset paper \(paper\), 12000 steps of 256 x 256 pixels, imagenet.safetensors start/,
    );
  });
});

describe('a table as text', () => {
  const table = tablesOf(half).get('table-iv')!;

  test('Markdown', () => {
    const text = markdownTable(table);
    expect(text).toContain('**Every number of ours in this table is SCALED DOWN: see the notes before comparing');
    expect(text).toContain('| PFFNet | 0.6313 (0.0750)<br>**0.5000 (0.1000)** <sup>a</sup><br>−0.1313 |');
    expect(text).toContain('| Mask R-CNN | 0.5350 (0.0993) | 0.7393 (0.0977) |');
    expect(text).toContain('- <sup>a</sup> SCALED DOWN (');
  });

  test('LaTeX has as many cells in every line, and no bare special character', () => {
    const text = latexTable(table);
    const lines = text.split('\n').filter((line) => line.endsWith('\\\\'));
    expect(new Set(lines.slice(1).map((line) => line.split('&').length))).toEqual(new Set([5]));
    expect(text).toContain('\\quad ours & \\textbf{0.5000 (0.1000)}\\textsuperscript{a} &');
    expect(text).toContain('\\quad difference & $-$0.1313 &');
    expect(text.replaceAll('&', '')).not.toMatch(/[–−±’]|(?<!\\)[%#]/);
  });

  test('LaTeX names data sets that are not the paper’s, and has no line of nothing', () => {
    const text = latexTable(tablesOf({ ...half, protocol: 'cells', folds: 1 }).get('table-x')!);
    expect(text).toContain('\\multicolumn{3}{c}{CVPPP} & \\multicolumn{4}{c}{synthetic cells (not in the paper)}');
    expect(text).toContain('\\quad ours &');
    expect(text).not.toContain('\\quad difference');
  });

  test('LaTeX: every special character is printed as it is', () => {
    expect(tex('50 % of a_b & c^2 ~ {x} \\ # $')).toBe(
      '50 \\% of a\\_b \\& c\\textasciicircum{}2 \\textasciitilde{} \\{x\\} \\textbackslash{} \\# \\$',
    );
  });

  test('CSV has a line per cell that says what produced it', () => {
    const records = tableRecords(table);
    expect(records).toHaveLength(16);
    const cell = Object.fromEntries(recordColumns.map((column, at) => [column, records[12][at]]));
    expect(cell).toMatchObject({
      row: 'PFFNet',
      score: 'AJI',
      paper_mean: 0.6313,
      images: 2,
      folds: '1 of 3',
      preset: 'smoke',
      iterations: 60,
      scaled_down: 'yes',
    });
  });

  test('HTML marks numbers of scaled-down runs, and text stays text', () => {
    const html = htmlTable({ ...table, heading: '<b>' });
    expect(html).toContain('&lt;b&gt;');
    expect(html.match(/<td class="scaled">/g)).toHaveLength(4);
  });
});
