import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { joinedFolds, pairsOf, scoredUnder, withComparisonTables } from './comparison-tables.mjs';
import { patientsIn, runsIn } from './runs.mjs';

const scores = (values) =>
  new Map(
    Object.entries(values).map(([name, aji]) => [name, { name, aji, pq: aji, dq: aji, sq: aji, f1: aji, dice: aji }]),
  );
const run = (network, fold, seed, values, budget = 'equal-steps') => ({
  network,
  fold,
  seed,
  budget,
  rule: 'tuned',
  scores: scores(values),
});
const patientOf = new Map([
  ['a', 'p'],
  ['b', 'q'],
  ['c', 'r'],
]);
const runs = [
  run('pffnet', '0', '0', { a: '0.5', b: '0.7' }),
  run('pffnet', '0', '1', { a: '0.7', b: '0.9' }),
  run('pffnet', '1', '0', { c: '0.2' }),
  run('mask-rcnn', '0', '0', { a: '0.4', b: '0.6' }),
  run('mask-rcnn', '0', '1', { a: '0.6', b: '0.8' }),
  run('mask-rcnn', '1', '0', { c: '0.3' }),
  run('mask-rcnn', '0', '0', { a: '0.6', b: '0.8' }, 'equal-time'),
];
const linesOf = (marker) =>
  withComparisonTables(`${marker}\nold\n<!-- /${marker.slice(5).split(':')[0]} -->\n`, runs, patientOf)
    .split('\n')
    .filter((line) => line.startsWith('|'));

describe('tables of a comparison', () => {
  test('a pair has its mean over images and seeds, and a difference without spread has an interval without width', () => {
    expect(linesOf('<!-- pairs: equal-steps tuned -->')[2]).toBe(
      '| 0 | 2 | 2 | 0, 1 | 0.700 | 0.600 | +0.100 (+0.100 to +0.100) | 0.700 | 0.600 | +0.100 (+0.100 to +0.100) |',
    );
  });

  test('all folds together count the seeds that every fold has', () => {
    const joined = joinedFolds(pairsOf(runs.slice(0, 6), 'pffnet', 'mask-rcnn'));
    expect(joined.seeds).toEqual(['0']);
    expect([...joined.ours[0].keys()]).toEqual(['a', 'b', 'c']);
    expect(linesOf('<!-- pairs: equal-steps tuned -->')[4]).toMatch(
      /^\| all \| 3 \| 3 \| 0 \| 0\.467 \| 0\.433 \| \+0\.033 /,
    );
  });

  test('systems stand by falling AJI; the measure of equal time is PFFNet with its steps', () => {
    const lines = linesOf('<!-- systems: equal-time tuned -->');
    expect(lines.slice(2).map((line) => line.split(' | ')[0])).toEqual(['| `mask-rcnn`', '| `pffnet`']);
    expect(lines[2]).toMatch(/ -0\.100 \(-0\.100 to -0\.100\) \|$/);
    expect(scoredUnder(runs, 'equal-steps', 'preset')).toEqual([]);
  });

  test('other images on one side are refused', () => {
    const odd = [run('pffnet', '0', '0', { a: '0.5' }), run('mask-rcnn', '0', '0', { b: '0.5' })];
    expect(() => withComparisonTables('<!-- pairs: equal-steps tuned -->\n<!-- /pairs -->', odd, patientOf)).toThrow(
      'expected the same images in every file, and as many seeds of one network as of the other',
    );
  });
});

const results = new URL('../../docs/results/', import.meta.url);
const pages = readdirSync(results).filter((name) => existsSync(new URL(`${name}/differences.svg`, results)));

test.each(pages)(
  'the page of %s shows the scores beside it; node tools/results/write-comparison.mjs writes them',
  (name) => {
    const folder = new URL(`${name}/`, results);
    const page = readFileSync(new URL('README.md', folder), 'utf8');
    const patients = patientsIn(new URL('../../packages/datasets/splits/tnbc.csv', import.meta.url));
    expect(withComparisonTables(page, runsIn(folder), patients)).toBe(page);
  },
);
