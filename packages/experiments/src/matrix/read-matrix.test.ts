import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { PffnetConfig } from '@pffnet/pffnet';
import { planRuns } from './plan-runs.ts';
import { choose, readMatrix } from './read-matrix.ts';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-matrix-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function written(content: unknown, name = 'mine.json'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const matrix = {
  preset: 'smoke',
  datasets: [
    'cells',
    {
      name: 'mine',
      division: {
        kind: 'cross-validation',
        folder: 'mine',
        split: 'folds.csv',
        column: 'fold',
        folds: ['a', 'b'],
        validation: 1,
      },
    },
  ],
  variants: ['pffnet', { name: 'heavy', title: 'alpha1 = 1', base: 'no-quality', patch: { loss: { alpha1: 1 } } }],
  seeds: [1],
  settings: { training: { iterations: 7 } },
};

/** What a matrix is refused with. */
async function refusal(changes: object): Promise<string> {
  const path = written({ ...matrix, ...changes });
  try {
    planRuns(await readMatrix(path));
    return 'accepted';
  } catch (error) {
    return (error as Error).message.replace(path, 'mine.json');
  }
}

describe('readMatrix', () => {
  test('reads one’s own data sets and variants, a variant on top of another', async () => {
    const runs = planRuns(await readMatrix(written(matrix)));
    expect(runs.map(({ id }) => id)).toEqual([
      'cells/pffnet/seed-1',
      'cells/heavy/seed-1',
      'mine/pffnet/fold-a/seed-1',
      'mine/pffnet/fold-b/seed-1',
      'mine/heavy/fold-a/seed-1',
      'mine/heavy/fold-b/seed-1',
    ]);
    const { variant } = runs[1];
    const config = runs[1].config as PffnetConfig;
    expect([config.loss.alpha1, config.instanceHead.quality.kind, config.training.iterations, variant.title]).toEqual([
      1,
      'none',
      7,
      'alpha1 = 1',
    ]);
  });

  test('reads a module', async () => {
    const path = written(`export default ${JSON.stringify(matrix)};`, 'mine.mjs');
    expect(planRuns(await readMatrix(path))).toHaveLength(6);
  });

  test.each([
    [{ variants: ['pfnet'] }, /^mine.json: there is no variant pfnet; did you mean pffnet\?/],
    [{ datasets: ['tnb'] }, /^mine.json: there is no data set tnb; did you mean tnbc\?/],
    [{ preset: 'smal' }, /there is no preset smal; did you mean small\?/],
    [{ seed: [1] }, /^mine.json: there is no key seed; did you mean seeds\?$/],
    [{ settings: { trainin: {} } }, /there is no key trainin; did you mean training\?/],
    [{ seeds: ['a'] }, /^mine.json: seeds.0: expected number/],
    [{ datasets: [] }, /^mine.json: datasets: /],
    [
      { variants: [{ name: 'x', base: 'mask-rcn', patch: {} }] },
      /base of x: there is no variant mask-rcn; did you mean mask-rcnn\?/,
    ],
    [{ variants: [{ name: 'x', patch: { loss: { alpha2: 'no' } } }] }, /^variant x: vary: loss.alpha2 is "no"/],
    [{ variants: [{ name: '../x', patch: {} }] }, /^mine.json: variants.0/],
    [
      { variants: [{ name: 'x', bas: 'mask-rcnn', patch: {} }] },
      /^mine.json: there is no key bas in variants.0; did you mean base\?$/,
    ],
    [
      { datasets: [{ name: 'x', divisions: { kind: 'fixed' } }] },
      /^mine.json: there is no key divisions in datasets.0; did you mean division\?$/,
    ],
    [
      { datasets: [{ name: 'x', division: { kind: 'fixed', train: { foldr: 'x' }, validation: 1, test: {} } }] },
      /^mine.json: there is no key foldr in datasets.0.division.train; did you mean folder\?$/,
    ],
    [{ folds: ['c'] }, /^mine.json: there is no fold c; did you mean .\? \(a, b\)$/],
  ])('refuses %j', async (changes, message) => {
    expect(await refusal(changes)).toMatch(message);
  });

  test('names the nearest matrix, and files that do not exist', async () => {
    await expect(readMatrix('abblation')).rejects.toThrow(
      /^--matrix: there is no matrix abblation; did you mean ablation\?/,
    );
    await expect(readMatrix('none.json')).rejects.toThrow(/^--matrix: there is no file none.json; expected table-ii, /);
    await expect(readMatrix(written('{', 'cut.json'))).rejects.toThrow(/cut.json: is not JSON \(/);
  });
});

describe('choose', () => {
  test('refuses what the matrix does not have', async () => {
    const whole = await readMatrix('table-ix');
    expect(() => choose(whole, { datasets: ['kumar'] })).toThrow(
      /^matrix table-ix: there is no data set kumar; did you mean .*\? \(tnbc, bbbc039, cvppp\)$/,
    );
    expect(() => choose(whole, { variants: ['mask-rcnn'] })).toThrow(/there is no variant mask-rcnn/);
    expect(() => choose(whole, { folds: ['3'] })).toThrow(/there is no fold 3; did you mean .\? \(0, 1, 2\)$/);
  });
});
