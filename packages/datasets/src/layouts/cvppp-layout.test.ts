import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { barePng } from '../../test/bare-png.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openDataset } from '../open-dataset.ts';

const { path, make } = temporaryFolder();

const rgb = barePng({ width: 4, depth: 8, type: 6, values: Array.from({ length: 32 }, (_, at) => at) });
// Two entries of one colour: indices tell the leaves apart, colours do not.
const palette = [0, 0, 0, 250, 0, 0, 250, 0, 0, 0, 0, 250];

describe('cvpppLayout, on files that we write ourselves', () => {
  test.each([
    [
      'indices into a colour table',
      barePng({ width: 4, depth: 8, type: 3, palette, values: [0, 1, 2, 2, 0, 0, 3, 3] }),
      [0, 1, 2, 2, 0, 0, 3, 3],
    ],
    [
      'indices of 4 bits',
      barePng({ width: 4, depth: 4, type: 3, palette, values: [0, 1, 2, 2, 0, 0, 3, 3] }),
      [0, 1, 2, 2, 0, 0, 3, 3],
    ],
    [
      'grey values',
      barePng({ width: 4, depth: 8, type: 0, values: [0, 7, 7, 0, 0, 9, 9, 9] }),
      [0, 7, 7, 0, 0, 9, 9, 9],
    ],
    ['colours', barePng({ width: 2, depth: 8, type: 2, values: [0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 0, 0] }), [0, 1, 2, 1]],
    [
      'colours with alpha',
      barePng({ width: 2, depth: 8, type: 6, values: [0, 0, 0, 0, 9, 0, 0, 255, 0, 0, 1, 255, 9, 0, 0, 255] }),
      [0, 1, 2, 1],
    ],
  ])('reads leaves from %s', async (title, label, ids) => {
    const folder = make(title);
    const width = ids.length / 2;
    const image = barePng({ width, depth: 8, type: 2, values: Array<number>(ids.length * 3).fill(30) });
    writeFileSync(path(title, 'plant001_rgb.png'), image);
    writeFileSync(path(title, 'plant001_label.png'), label);
    const dataset = await openDataset(folder);
    expect(dataset.names).toEqual(['plant001']);
    expect([...(await dataset.load('plant001')).labels.data]).toEqual(ids);
  });

  test('passes over foreground masks, centres and tables', async () => {
    const folder = make('others');
    const grey = barePng({ width: 4, depth: 8, type: 0, values: Array<number>(8).fill(1) });
    for (const kind of ['fg', 'centers', 'label']) writeFileSync(path('others', `plant002_${kind}.png`), grey);
    writeFileSync(path('others', 'plant002_rgb.png'), rgb);
    writeFileSync(path('others', 'A1.csv'), 'plant002_rgb.png, 1\n');
    const { image } = await (await openDataset(folder)).load('plant002');
    expect([...image.data.subarray(0, 6)]).toEqual([0, 1, 2, 4, 5, 6]); // alpha left out
  });

  test('says which image lacks its labels, as in the test set of the challenge', async () => {
    make('lacking');
    writeFileSync(path('lacking', 'plant003_rgb.png'), rgb);
    expect(await refusal(() => openDataset(path('lacking')))).toEqual([
      DataError,
      `${path('lacking')}: no label map in ${path('lacking')} for plant003; expected a file of the same name; add it or move the image away`,
    ]);
  });

  test('refuses a photograph in place of labels', async () => {
    const folder = make('photograph');
    const values = Array.from({ length: 300 * 300 }, (_, at) => [at & 255, (at >> 8) & 255, 1 + (at >> 16)]).flat();
    const picture = barePng({ width: 300, depth: 8, type: 2, values });
    for (const kind of ['rgb', 'label']) writeFileSync(path('photograph', `plant001_${kind}.png`), picture);
    const dataset = await openDataset(folder);
    expect(await refusal(() => dataset.load('plant001'))).toEqual([
      DataError,
      `${path('photograph', 'plant001_label.png')} has more than 65535 colours; expected one colour per object on black; take the label map of this image`,
    ]);
  });
});
