import { describe, expect, test } from '@jest/globals';
import { presets } from '@pffnet/pffnet';
import { parseHTML } from 'linkedom';
import { finishedRun } from '../../test/finished-run.ts';
import { groupRuns } from './cell.ts';
import { pValueTables } from './p-values.ts';
import type { FinishedRun, TrainedRun } from './read-runs.ts';
import { reportPage } from './report-page.ts';
import { reportTables } from './report-table.ts';

type Page = ReturnType<typeof parseHTML>['document'];

function pageOf(finished: readonly FinishedRun[], untested: readonly TrainedRun[] = []): Page {
  const groups = groupRuns(finished);
  const placed = groups.filter(({ ofMatrix }) => ofMatrix);
  const html = reportPage({
    runs: { finished, untested, unfinished: [] },
    groups,
    tables: reportTables(placed),
    pValues: pValueTables(placed),
    overlays: new Map(),
    rankings: [],
  });
  return parseHTML(html).document;
}

/** A run of `pffnet train`. */
function plain(name: string, aji: Readonly<Record<string, number>>): FinishedRun {
  const { facts, ...run } = finishedRun({ variant: `run ${name}`, protocol: 'mine', aji });
  const { experiment, ...ofTrain } = facts;
  expect(experiment).toBeDefined();
  return { ...run, facts: ofTrain };
}

const idsOf = (elements: Iterable<{ readonly id: string }>): string[] => [...elements].map(({ id }) => id);
const rowsOf = (page: Page): string[][] =>
  [...page.querySelectorAll('#ours tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent ?? ''));

describe('reportPage', () => {
  test('begins with what was trained; tables without a number of ours are folded away at its end', () => {
    const page = pageOf([finishedRun({ aji: { a: 0.5, b: 0.7 } })]);
    expect(idsOf(page.querySelectorAll('body > section'))).toEqual([
      ...['ours', 'boxes', 'pictures', 'curves', 'quality'],
      ...['iv', 'viii', 'ix', 'x', 'xi'].map((number) => `table-${number}`),
      'runs',
    ]);
    expect(rowsOf(page)).toEqual([
      [
        'pffnet',
        'tnbc',
        'smoke',
        '60',
        '1',
        '0.600 ± 0.100',
        '0.600 ± 0.100',
        '1.000 ± 0.000',
        '1.000 ± 0.000',
        '0.600 ± 0.100',
      ],
    ]);
    const folded = page.querySelector('details')!;
    expect(folded.hasAttribute('open')).toBe(false);
    expect(idsOf(folded.querySelectorAll('section'))).toEqual(
      ['ii', 'iii', 'v', 'vi', 'vii', 'xii'].map((number) => `table-${number}`),
    );
    // No address of the contents leads nowhere.
    for (const link of page.querySelectorAll('nav a')) {
      expect([link.getAttribute('href'), page.querySelector(link.getAttribute('href')!) !== null]).toEqual([
        link.getAttribute('href'),
        true,
      ]);
    }
  });

  test('takes plain training runs, which fill no table of the paper and are not called scaled down', () => {
    const page = pageOf([plain('first', { a: 0.5 }), plain('second', { a: 0.75 })]);
    expect(rowsOf(page).map(([name, set, , , , aji]) => [name, set, aji])).toEqual([
      ['run first', 'mine', '0.500 ± 0.000'],
      ['run second', 'mine', '0.750 ± 0.000'],
    ]);
    expect(page.querySelectorAll('#boxes svg')).toHaveLength(1);
    expect(page.querySelectorAll('body > section[id^=table]')).toHaveLength(0);
    expect(page.querySelector('.warning, .scaled')).toBeNull();
  });

  test('says of a run without test images how it did in validation', () => {
    const { facts } = finishedRun({ aji: {} });
    const log = [
      { step: 30, kind: 'validation', aji: 0.41 },
      { step: 60, kind: 'validation', aji: 0.38 },
    ];
    const page = pageOf([], [{ folder: 'runs/first', config: presets.smoke, facts, log }]);
    expect(rowsOf(page)).toEqual([
      ['runs/first', 'tnbc', 'smoke', '600', '1', 'no test images; best validation AJI 0.410'],
    ]);
    expect(page.querySelector('#boxes')).toBeNull();
  });
});
