import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap } from '@pffnet/structures';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readCvpppSubmission, writeCvpppSubmission } from './cvppp-submission.ts';

const { path, make } = temporaryFolder();
const leaves = labelMap(2, 3, [0, 9, 9, 300, 0, 0]);
const numbered = labelMap(2, 3, [0, 1, 1, 2, 0, 0]);

describe('writeCvpppSubmission', () => {
  test('is read back, leaves numbered without gaps', async () => {
    const folder = make('cvppp');
    const file = path('cvppp', 'submission.h5');
    await writeCvpppSubmission(file, [
      { set: 'A1', plant: 'plant009', labels: leaves },
      { set: 'A1', plant: 'plant003', labels: labelMap(1, 1, [5]) },
      { set: 'A2', plant: 'plant003', labels: labelMap(1, 2) },
    ]);
    expect(await readCvpppSubmission(file)).toEqual([
      { set: 'A1', plant: 'plant003', labels: labelMap(1, 1, [1]) },
      { set: 'A1', plant: 'plant009', labels: numbered },
      { set: 'A2', plant: 'plant003', labels: labelMap(1, 2) },
    ]);
    expect(readdirSync(folder)).toEqual(['submission.h5']);
  });

  test.each<[string, () => Promise<void>, string]>([
    [
      'more than 255 leaves',
      () =>
        writeCvpppSubmission(path('a.h5'), [
          {
            set: 'A1',
            plant: 'plant001',
            labels: labelMap(
              16,
              16,
              Array.from({ length: 256 }, (_, index) => index + 1),
            ),
          },
        ]),
      'A1/plant001 has 256 leaves; expected at most 255',
    ],
    [
      'an image twice',
      () =>
        writeCvpppSubmission(path('a.h5'), [
          { set: 'A1', plant: 'p', labels: leaves },
          { set: 'A1', plant: 'p', labels: leaves },
        ]),
      'A1/p comes twice; expected each image once',
    ],
    [
      'names with slashes',
      () => writeCvpppSubmission(path('a.h5'), [{ set: 'A1', plant: '../p', labels: leaves }]),
      'A1/../p is not a name of the challenge; expected one such as A1/plant003',
    ],
  ])('refuses %s', async (_, call, message) => {
    expect(await refusal(call)).toEqual([DataError, `cannot write ${path('a.h5')}: ${message}`]);
  });

  describeWithPython(['h5py', 'numpy'], (python) => {
    test('is read by h5py as arrays of bytes, and reads what h5py writes', async () => {
      await writeCvpppSubmission(path('ours.h5'), [{ set: 'A1', plant: 'plant003', labels: leaves }]);
      const back = python(
        `import sys, json, h5py
a = h5py.File(sys.argv[1])['A1/plant003/label']
with h5py.File(sys.argv[2], 'w') as f:
    f['A1/plant007/label'] = a[:].astype('>i8')
    f['A1/plant007/label_filename'] = 'plant007_label.png'
print(json.dumps([a.dtype.str, a[:].tolist()]))`,
        path('ours.h5'),
        path('theirs.h5'),
      );
      expect(back).toEqual(['|u1', [[0, 1, 1], [2, 0, 0]]]); // prettier-ignore
      expect(await readCvpppSubmission(path('theirs.h5'))).toEqual([
        { set: 'A1', plant: 'plant007', labels: numbered },
      ]);
    });
  });
});

describe('readCvpppSubmission', () => {
  test('refuses what is no HDF5, and what holds no label maps', async () => {
    writeFileSync(path('text.h5'), 'hello');
    const [kind, message] = await refusal(() => readCvpppSubmission(path('text.h5')));
    expect(kind).toBe(DataError);
    expect(message).toMatch(/^cannot read [^\n]*text\.h5: [^\n]+; expected an HDF5 file; replace the file$/);
    expect((await refusal(() => readCvpppSubmission(path('none.h5'))))[1]).toBe(
      `there is no file ${path('none.h5')}; expected an HDF5 file; check the path`,
    );
  });

  test(
    'refuses damaged files in one line, and whole ones can be read afterwards',
    async () => {
      await writeCvpppSubmission(path('whole.h5'), [{ set: 'A1', plant: 'plant003', labels: leaves }]);
      const whole = readFileSync(path('whole.h5'));
      await survivesDamage(path('damaged.h5'), whole, readCvpppSubmission);
      expect(await readCvpppSubmission(path('whole.h5'))).toHaveLength(1);
    },
    fuzzTimeout,
  );
});
