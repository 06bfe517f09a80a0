import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { barePng } from '../../test/bare-png.ts';
import { describeWithData } from '../../test/real-data.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readLabelMap } from '../files/read-label-map.ts';
import { openDataset } from '../open-dataset.ts';

const { path, make } = temporaryFolder();
const grey = (...values: number[]): Buffer => barePng({ width: 3, depth: 8, type: 0, values });
const photo = grey(1, 2, 3, 4, 5, 6);

function image(set: string, name: string, masks?: readonly Buffer[]): void {
  make(set, name, 'images');
  writeFileSync(path(set, name, 'images', `${name}.png`), photo);
  if (masks === undefined) return;
  make(set, name, 'masks');
  masks.forEach((mask, index) => writeFileSync(path(set, name, 'masks', `${index}.png`), mask));
}

describe('dsb2018Layout', () => {
  test('takes each mask file for one nucleus, in pieces or not; where they overlap, the first keeps the pixel', async () => {
    image('masks', 'a', [grey(255, 0, 255, 0, 0, 0), grey(255, 255, 0, 0, 0, 255)]);
    image('masks', 'b', []);
    const dataset = await openDataset(path('masks'));
    expect(dataset.names).toEqual(['a', 'b']);
    expect([...(await dataset.load('a')).labels.data]).toEqual([1, 2, 1, 0, 0, 2]);
    expect([...(await dataset.load('b')).labels.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('takes nuclei from a table of run lengths where there are no masks, a table that we write ourselves', async () => {
    image('table', 'a');
    image('table', 'b');
    writeFileSync(path('table', 'solution.csv'), 'ImageId,EncodedPixels,Usage\na,1 1 5 2,x\na,3 3,x\nb,,x\n');
    const dataset = await openDataset(path('table'));
    // Columns first: pixel 5 is row 0 of column 2.
    expect([...(await dataset.load('a')).labels.data]).toEqual([1, 2, 1, 0, 2, 1]);
    expect([...(await dataset.load('b')).labels.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('does not lose nuclei in silence: empty and covered masks are named', async () => {
    image('lost', 'a', [grey(255, 255, 0, 0, 0, 0), grey(255, 0, 0, 0, 0, 0), grey(0, 0, 0, 0, 0, 0)]);
    const review = await (await openDataset(path('lost'))).reviewLabels!(['a']);
    expect(review.lines()).toEqual([
      '2 of 3 annotated objects left no pixel: 1 covered by others (mask 1 of a), 1 with an empty mask (mask 2 of a)',
    ]);
  });

  test('says what is missing or does not fit', async () => {
    image('none', 'a');
    expect(await refusal(() => openDataset(path('none')))).toEqual([
      DataError,
      `${path('none', 'a')} has no masks/, and no table in ${path('none')} has its run lengths; expected one of them; add it`,
    ]);
    image('size', 'a', [barePng({ width: 2, depth: 8, type: 0, values: [0, 0] })]);
    expect(await refusal(async () => (await openDataset(path('size'))).load('a'))).toEqual([
      DataError,
      `${path('size', 'a', 'masks', '0.png')} has 1 rows and 2 columns, its image 2 and 3; expected the same size; export it again`,
    ]);
    image('runs', 'a');
    writeFileSync(path('runs', 'runs.csv'), 'ImageId,EncodedPixels\na,1 7\n');
    expect(await refusal(async () => (await openDataset(path('runs'))).load('a'))).toEqual([
      DataError,
      `${path('runs')}: the run lengths of a, nucleus 1, has the run 1 7, outside of 2 x 3 pixels; expected pairs of start and length; get the table again`,
    ]);
  });

  describeWithData('raw/dsb2018', (folder) => {
    test('reads the four images as downloaded, object by object as in the converted set', async () => {
      const dataset = await openDataset(folder);
      expect(dataset.names).toEqual(readdirSync(folder).sort());
      for (const name of dataset.names) {
        const { labels } = await dataset.load(name);
        const converted = await readLabelMap(join(folder, '../../dsb2018/labels', `${name.slice(0, 16)}.png`));
        const pairs = new Set(labels.data.map((id, pixel) => id * 65536 + converted.data[pixel]!));
        // As many pairs of ids as ids: the maps differ in numbers alone.
        expect(pairs.size).toBe(new Set(labels.data).size);
        expect(pairs.size).toBe(new Set(converted.data).size);
      }
    });
  });
});
