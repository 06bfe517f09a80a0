import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import fc from 'fast-check';
import { describeWithData } from '../../test/real-data.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { listImages } from '../files/list-files.ts';
import { divideBySplit } from './divide-by-split.ts';
import { readSplit, shippedSplits, type Split } from './read-split.ts';

const { path, make } = temporaryFolder();
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

  test('takes names with folders and endings, of Windows too, and letters coded in either way', async () => {
    const names = ['images\\a.png', 'images/b.ome.tif', 'ä'.normalize('NFD'), 'v2.0'];
    writeFileSync(file, `name,fold\n${names.map((name) => `${name},1\n`).join('')}`);
    expect([...(await readSplit(file)).keys()]).toEqual(['a', 'b', 'ä'.normalize('NFC'), 'v2.0']);
  });

  test.each([
    [
      'two names that become equal',
      `name,fold\n${'ä'.normalize('NFC')},1\n${'ä'.normalize('NFD')}.png,2\n`,
      'fold',
      `${file} names ${'ä'.normalize('NFC')} twice; expected one line per image; remove one of them`,
    ],
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
      `there is no file ${path('none.csv')}; expected a table of images and folds (csv), a folder of lists, or one of kumar, tnbc, cvppp, dsb2018-u2os; check the path`,
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

describe('readSplit, by columns, positions and lists', () => {
  const saved = (text: string): string => {
    writeFileSync(file, text);
    return file;
  };

  test('looks for the part in fold, then in part, when no column is named', async () => {
    expect(await readSplit(saved('name,part,fold\na,train,2\n'))).toEqual(new Map([['a', '2']]));
    expect(await readSplit(saved('name,part\na,train\n'))).toEqual(new Map([['a', 'train']]));
    expect(await refusal(() => readSplit(saved('name,group\na,seen\n')))).toEqual([
      DataError,
      `${file} has no column fold or part; its columns are name, group; name the one that divides the images with --column`,
    ]);
  });

  test('passes over remarks, and over them alone', async () => {
    expect(await readSplit(saved('# from the paper\nname,fold\na#1,2\n'))).toEqual(new Map([['a#1', '2']]));
  });

  test('counts positions in ascending order of names', async () => {
    const table = saved('position,fold\n2,b\n1,a\n');
    expect(await readSplit(table, 'fold', ['plant9', 'plant10'])).toEqual(
      new Map([
        ['plant9', 'b'],
        ['plant10', 'a'],
      ]),
    );
    expect(await refusal(() => readSplit(table, 'fold', ['plant9']))).toEqual([
      DataError,
      `the split ${file} divides 2 images by their order, but the data set has 1; expected the complete data set, or a table of names`,
    ]);
    expect(await refusal(() => readSplit(saved('position,fold\n3,b\n1,a\n'), 'fold', ['a', 'b']))).toEqual([
      DataError,
      `${file} has the position 3; expected whole numbers from 1 to 2; mend that line`,
    ]);
  });

  test('reads the lists of a folder, as BBBC039 has them', async () => {
    const folder = make('metadata');
    writeFileSync(path('metadata', 'training.txt'), 'IXMtest_A02_s1.1.png\r\nb.png\r\n');
    writeFileSync(path('metadata', 'validation.txt'), 'c.png');
    expect(await refusal(() => readSplit(folder))).toEqual([
      DataError,
      `there is no file ${path('metadata', 'test.txt')}; expected the lists training.txt, validation.txt, test.txt; check the path`,
    ]);
    writeFileSync(path('metadata', 'test.txt'), 'd.png\n\n');
    expect(await readSplit(folder)).toEqual(
      new Map([
        ['IXMtest_A02_s1.1', 'train'],
        ['b', 'train'],
        ['c', 'validation'],
        ['d', 'test'],
      ]),
    );
    writeFileSync(path('metadata', 'test.txt'), 'd.png\nb.png\n');
    expect(await refusal(() => readSplit(folder))).toEqual([
      DataError,
      `${path('metadata', 'test.txt')} names b, which is listed for train already; expected each image once; remove one line`,
    ]);
  });
});

describe('the splits of this package', () => {
  const sizes = (split: Split): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const part of split.values()) counts[part] = (counts[part] ?? 0) + 1;
    return counts;
  };
  const plants = Array.from({ length: 128 }, (_, index) => `plant${String(index + 1).padStart(3, '0')}`);

  test.each<[(typeof shippedSplits)[number], string, Record<string, number>]>([
    ['kumar', 'part', { train: 12, validation: 4, test: 14 }],
    ['kumar', 'group', { seen: 24, unseen: 6 }],
    ['tnbc', 'fold', { 0: 18, 1: 15, 2: 17 }],
    ['cvppp', 'fold', { 0: 43, 1: 43, 2: 42 }],
    ['cvppp', 'part', { train: 100, validation: 28 }],
    ['dsb2018-u2os', 'part', { train: 45, validation: 22, test: 23 }],
  ])('%s has the sizes of its %s', async (name, column, expected) => {
    expect(sizes(await readSplit(name, column, plants))).toEqual(expected);
  });

  test('Kumar tests on 8 images of organs that were seen in training and 6 of others', async () => {
    const [parts, groups, organs] = await Promise.all(
      ['part', 'group', 'organ'].map((column) => readSplit('kumar', column)),
    );
    const organsOf = (part: string, group: string): string[] =>
      [...parts!.keys()]
        .filter((name) => parts!.get(name) === part && groups!.get(name) === group)
        .map((name) => organs!.get(name)!);
    expect(organsOf('test', 'seen')).toHaveLength(8);
    expect(organsOf('test', 'unseen')).toHaveLength(6);
    const seen = new Set(organsOf('train', 'seen'));
    expect(seen).toEqual(new Set(['breast', 'kidney', 'liver', 'prostate']));
    expect(organsOf('test', 'seen').every((organ) => seen.has(organ))).toBe(true);
    expect(organsOf('test', 'unseen').some((organ) => seen.has(organ))).toBe(false);
    expect([...seen].map((organ) => organsOf('train', 'seen').filter((other) => other === organ).length)).toEqual([
      3, 3, 3, 3,
    ]);
  });

  test('TNBC keeps each patient in one fold', async () => {
    const [patients, folds] = [await readSplit('tnbc', 'patient'), await readSplit('tnbc')];
    const foldsOf = new Map<string, Set<string>>();
    for (const [name, fold] of folds) {
      const patient = patients.get(name)!;
      foldsOf.set(patient, (foldsOf.get(patient) ?? new Set()).add(fold));
    }
    expect(foldsOf.size).toBe(11);
    expect([...foldsOf.values()].every(({ size }) => size === 1)).toBe(true);
  });

  test.each(shippedSplits)('%s says in its first line where it is from', (name) => {
    const [first] = readFileSync(new URL(`../../splits/${name}.csv`, import.meta.url), 'utf8').split('\n');
    expect(first).toMatch(/^# \S.{20,}/);
  });

  for (const [name, folder] of [
    ['kumar', 'kumar'],
    ['tnbc', 'tnbc'],
  ] as const) {
    describeWithData(folder, (real) => {
      test(`${name} names every image`, async () => {
        const split = await readSplit(name);
        expect((await listImages(join(real, 'images'))).filter((image) => !split.has(image.name))).toEqual([]);
      });
    });
  }
});

describe('divideBySplit', () => {
  const split = new Map([
    ['a', '0'],
    ['b', '1'],
    ['c', '0'],
    ['elsewhere', '2'],
  ]);

  test('tests on one part and trains on the others', () => {
    expect(divideBySplit(['c', 'b', 'a'], split, '0')).toEqual({ train: ['b'], validation: [], test: ['c', 'a'] });
    expect(divideBySplit(['c', 'b', 'a'], split, 1)).toEqual({ train: ['c', 'a'], validation: [], test: ['b'] });
  });

  const parts = new Map([
    ['a', 'train'],
    ['b', 'validation'],
    ['c', 'test'],
    ['d', 'train'],
  ]);

  test('takes the validation images from the split, and its test part when no fold is named', () => {
    const expected = { train: ['a', 'd'], validation: ['b'], test: ['c'] };
    expect(divideBySplit(['a', 'b', 'c', 'd'], parts)).toEqual(expected);
    expect(divideBySplit(['a', 'b', 'c', 'd'], parts, 'test')).toEqual(expected);
    expect(divideBySplit(['a', 'b', 'd'], parts)).toEqual({ ...expected, test: [] });
  });

  test('never learns from images for a test, even of another one', () => {
    const two = new Map([...parts, ['e', 'test_unseen']]);
    two.set('c', 'test_seen');
    const names = [...two.keys()];
    expect(divideBySplit(names, two, 'test_unseen')).toEqual({ train: ['a', 'd'], validation: ['b'], test: ['e'] });
    expect(divideBySplit(names, two, 'validation')).toEqual({ train: ['a', 'd'], validation: [], test: ['b'] });
  });

  test('loses no image and uses none twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (names, count) => {
          const folds = new Map(names.map((name, index) => [name, String(index % count)]));
          const { train, validation, test: held } = divideBySplit(names, folds, 0);
          expect([...train, ...validation, ...held].sort()).toEqual([...names].sort());
        },
      ),
    );
  });

  test('names the images that the split leaves out', async () => {
    expect(await refusal(() => divideBySplit(['a', 'bb', 'd'], split, '0'))).toEqual([
      DataError,
      'the split does not mention bb, d; nearest to bb is b; expected a line for every image; add it or take another split',
    ]);
  });

  test('names the parts when none is meant, or several could be', async () => {
    expect(await refusal(() => divideBySplit(['a', 'b'], split, '2'))).toEqual([
      DataError,
      'no image belongs to fold 2; expected one of 0, 1',
    ]);
    expect(await refusal(() => divideBySplit(['a', 'b'], split))).toEqual([
      DataError,
      'the split has the parts 0, 1; which one is for the test is not clear; name that fold',
    ]);
  });
});
