import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Dataset, syntheticDataset } from '@pffnet/datasets';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { Division } from '../matrix/protocol.ts';
import { openRunData } from './open-run-data.ts';

const root = mkdtempSync(join(tmpdir(), 'pffnet-run-data-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
mkdirSync(join(root, 'set'));
writeFileSync(
  join(root, 'set', 'split.csv'),
  [
    'name,fold,part,kind',
    'a,0,train,x',
    'b,0,train,x',
    'c,1,train,x',
    'd,1,test,x',
    'e,1,test,y',
    'f,2,validation,y',
  ].join('\n'),
);

/** Images a to f, each of 8 x 8 pixels. */
const open = async (): Promise<Dataset> => {
  const cells = syntheticDataset({ count: 6, size: 32, seed: 1 });
  const names = [...'abcdef'];
  return {
    names,
    load: async (name) => ({ ...(await cells.load(cells.names[names.indexOf(name)])), name }),
  };
};

const dataOf = (division: Division, fold = 'test') =>
  openRunData(
    { protocol: { name: 'set', title: 'Set', scores: ['AJI'], division }, fold, seed: 0 } as unknown as PlannedRun,
    root,
    open,
  );

const fixed: Division = {
  kind: 'fixed',
  train: { folder: 'set', split: 'split.csv', column: 'part', part: 'train' },
  validation: { folder: 'set', split: 'split.csv', column: 'part', part: 'validation' },
  test: { folder: 'set', split: 'split.csv', column: 'part', part: 'test', groups: 'kind' },
};

describe('openRunData', () => {
  test('a fixed division is its parts, test images also by group', async () => {
    const { train, validation, test: tested, groups } = await dataOf(fixed);
    expect({ train, validation, tested, groups }).toEqual({
      train: ['a', 'b', 'c'],
      validation: ['f'],
      tested: ['d', 'e'],
      groups: { x: ['d'], y: ['e'] },
    });
  });

  test('each fold of a cross-validation is the test once, and validation is drawn from the rest', async () => {
    const folds: Division = {
      kind: 'cross-validation',
      folder: 'set',
      split: 'split.csv',
      column: 'fold',
      folds: ['0', '1', '2'],
      validation: 1,
    };
    const parts = await Promise.all(['0', '1', '2'].map((fold) => dataOf(folds, fold)));
    expect(parts.map(({ test: tested }) => tested)).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
    for (const { train, validation, test: tested } of parts) {
      expect(validation).toHaveLength(1);
      expect([...train, ...validation, ...tested].sort()).toEqual([...'abcdef']);
    }
    expect((await dataOf(folds, '0')).validation).toEqual(parts[0].validation);
  });

  test('middles are squares of every image, and so many test images', async () => {
    const middles: Division = {
      kind: 'cross-validation',
      folder: 'set',
      split: 'split.csv',
      column: 'fold',
      folds: ['0', '1', '2'],
      validation: 0,
      middle: { size: 16, testImages: 2 },
    };
    const { dataset, test: tested } = await dataOf(middles, '1');
    expect(tested).toEqual(['c', 'd']);
    const [whole, middle] = [await (await open()).load('c'), await dataset.load('c')];
    expect([middle.name, middle.labels.height, middle.labels.width]).toEqual(['c', 16, 16]);
    expect(middle.labels.data[0]).toBe(whole.labels.data[8 * 32 + 8]);
  });

  test('cells are drawn without any folder', async () => {
    const {
      train,
      validation,
      test: tested,
    } = await openRunData(
      {
        protocol: { division: { kind: 'drawn-cells', size: 32, train: 3, validation: 1, test: 2 } },
      } as unknown as PlannedRun,
      '/none',
      open,
    );
    expect([train.length, validation.length, tested.length]).toEqual([3, 1, 2]);
  });

  test('says which images are missing', async () => {
    writeFileSync(join(root, 'set', 'more.csv'), 'name,part\na,test\nz,test\n');
    const wanted: Division = { ...fixed, test: { folder: 'set', split: 'more.csv', part: 'test' } };
    await expect(dataOf(wanted)).rejects.toThrow(
      `${join(root, 'set')} lacks 1 of the 2 images that ${join(root, 'set', 'more.csv')} names for test: z; add them, or choose other data sets`,
    );
    await expect(dataOf({ ...wanted, test: { folder: 'set', split: 'more.csv', part: 'tst' } })).rejects.toThrow(
      /more.csv: no image belongs to tst; expected at least one$/,
    );
  });
});
