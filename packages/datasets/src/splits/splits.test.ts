import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/tensor-ops/structures';
import fc from 'fast-check';
import { describeWithData } from '../../test/real-data.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readSplit } from './read-split.ts';
import { selectFold } from './select-fold.ts';

const { path } = temporaryFolder();
const file = path('folds.csv');

const folds = 'name,patient,fold_by_patient\n01_1,01,1\n01_2,01,1\n02_1,02,0\n';

describe('readSplit', () => {
  test.each([
    ['a plain table', folds],
    [
      'a byte-order mark, spaces, Windows line ends and empty lines',
      `\uFEFF${folds.replaceAll(',', ' , ').replaceAll('\n', '\r\n\r\n')}`,
    ],
  ])('reads %s', async (_, text) => {
    writeFileSync(file, text);
    expect([...(await readSplit(file, 'fold_by_patient'))]).toEqual([
      ['01_1', '1'],
      ['01_2', '1'],
      ['02_1', '0'],
    ]);
  });

  test.each([
    [
      'a column that is not there',
      folds,
      'fold_by_patent',
      `${file} has no column fold_by_patent; nearest is fold_by_patient; its columns are name, patient, fold_by_patient`,
    ],
    [
      'no column of names',
      'image,fold\na,1\n',
      'fold',
      `${file} has no column name; nearest is image; its columns are image, fold`,
    ],
    [
      'a name that comes twice',
      'name,fold\na,1\na,2\n',
      'fold',
      `${file} names a twice; expected one line per image; remove one of them`,
    ],
    [
      'no value',
      'name,fold\na,\n',
      'fold',
      `${file} has no fold in the line of a; expected a value in every line; add it`,
    ],
    [
      'no name',
      'name,fold\n,1\n',
      'fold',
      `${file} has no name in the line of ,1; expected a value in every line; add it`,
    ],
    [
      'a header alone',
      'name,fold\n',
      'fold',
      `${file} has no rows; expected a header line and one line per image; fill it`,
    ],
    ['nothing', '', 'fold', `${file} has no rows; expected a header line and one line per image; fill it`],
    [
      'a line of another length',
      'name,fold\na,1\nb\n',
      'fold',
      `${file} is no table: Invalid Record Length: expect 2, got 1 on line 3; expected comma-separated values; mend that line`,
    ],
  ])('refuses %s', async (_, text, column, message) => {
    writeFileSync(file, text);
    expect(await refusal(() => readSplit(file, column))).toEqual([DataError, message]);
  });

  test('names a missing file', async () => {
    expect(await refusal(() => readSplit(path('none.csv'), 'fold'))).toEqual([
      DataError,
      `there is no file ${path('none.csv')}; expected a table of images and folds (csv); check the path`,
    ]);
  });

  describeWithData('tnbc', (folder) => {
    test('keeps each patient in one fold', async () => {
      const table = join(folder, 'folds.csv');
      const [patients, parts] = [await readSplit(table, 'patient'), await readSplit(table, 'fold_by_patient')];
      const foldsOf = new Map<string, Set<string>>();
      for (const [name, part] of parts) {
        const patient = patients.get(name)!;
        foldsOf.set(patient, (foldsOf.get(patient) ?? new Set()).add(part));
      }
      expect([...foldsOf.values()].every(({ size }) => size === 1)).toBe(true);
      expect(new Set(parts.values())).toEqual(new Set(['0', '1', '2']));
    });
  });
});

describe('selectFold', () => {
  const split = new Map([
    ['a', '0'],
    ['b', '1'],
    ['c', '0'],
    ['elsewhere', '2'],
  ]);

  test('tests on one part and trains on the others', () => {
    expect(selectFold(['c', 'b', 'a'], split, '0')).toEqual({ train: ['b'], test: ['c', 'a'] });
    expect(selectFold(['c', 'b', 'a'], split, 1)).toEqual({ train: ['c', 'a'], test: ['b'] });
  });

  test('loses no image and uses none twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (names, count) => {
          const parts = new Map(names.map((name, index) => [name, String(index % count)]));
          const { train, test: held } = selectFold(names, parts, 0);
          expect([...train, ...held].sort()).toEqual([...names].sort());
        },
      ),
    );
  });

  test('names the images that the split leaves out', async () => {
    expect(await refusal(() => selectFold(['a', 'bb', 'd'], split, '0'))).toEqual([
      DataError,
      'the split does not mention bb, d; nearest to bb is b; expected a line for every image; add it or take another split',
    ]);
  });

  test('names the parts when none is meant', async () => {
    expect(await refusal(() => selectFold(['a', 'b'], split, '2'))).toEqual([
      DataError,
      'no image belongs to fold 2; expected one of 0, 1',
    ]);
  });
});
