import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { barePng } from '../../test/bare-png.ts';
import { bareTiff } from '../../test/bare-tiff.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { listDataset } from '../list-dataset.ts';
import { openDataset } from '../open-dataset.ts';

const { path, make } = temporaryFolder();

/** Colours of 5 x 2 pixels with alpha: red decides, black is background, other channels say nothing. */
const mask = (reds: readonly number[]): Buffer =>
  barePng({ width: 5, depth: 8, type: 6, values: reds.flatMap((red) => [red, 255 - red, 7, 255]) });

const image = bareTiff({ width: 5, height: 2, values: Uint16Array.from({ length: 10 }, (_, at) => 200 + at * 100) });

describe('bbbc039Layout, on files that we write ourselves', () => {
  test.each([
    ['unpacked side by side', 'images', 'masks'],
    ['each archive unpacked into a folder of its own', 'images/images', 'masks/masks'],
  ])('pairs 16-bit images and masks, %s', async (title, images, masks) => {
    make(title, images);
    make(title, masks);
    make(title, 'metadata');
    writeFileSync(path(title, images, 'IXMtest_A02.tif'), image);
    writeFileSync(path(title, masks, 'IXMtest_A02.png'), mask([9, 9, 0, 0, 9, 9, 0, 0, 4, 4]));
    const dataset = await openDataset(path(title), { scaling: { kind: 'min-max' } });
    expect(dataset.names).toEqual(['IXMtest_A02']);
    const sample = await dataset.load('IXMtest_A02');
    expect([...sample.image.data].filter((_, at) => at % 3 === 0).map(Math.round)).toEqual([
      0, 28, 57, 85, 113, 142, 170, 198, 227, 255,
    ]);
    // One colour in two places is two objects.
    expect([...sample.labels.data]).toEqual([1, 1, 0, 0, 2, 1, 0, 0, 3, 3]);
  });

  test('names the lists that came with it', async () => {
    for (const folder of ['images', 'masks']) make('lists', folder);
    writeFileSync(path('lists', 'images', 'a.tif'), image);
    writeFileSync(path('lists', 'masks', 'a.png'), mask(Array<number>(10).fill(0)));
    expect((await listDataset(path('lists'))).split).toBeUndefined();
    make('lists', 'metadata');
    expect((await listDataset(path('lists'))).split).toBe(path('lists', 'metadata'));
    make('lists', 'metadata', 'metadata');
    expect((await listDataset(path('lists'))).split).toBe(path('lists', 'metadata', 'metadata'));
  });

  test('connects equal values at corners', async () => {
    make('corners', 'images');
    make('corners', 'masks');
    writeFileSync(path('corners', 'images', 'a.tif'), image);
    writeFileSync(path('corners', 'masks', 'a.png'), mask([9, 0, 9, 0, 0, 0, 9, 0, 4, 0]));
    const { labels } = await (await openDataset(path('corners'))).load('a');
    expect([...labels.data]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 2, 0]);
  });

  test('says which image lacks its mask', async () => {
    make('lacking', 'images');
    make('lacking', 'masks');
    for (const name of ['a', 'b']) writeFileSync(path('lacking', 'images', `${name}.tif`), image);
    writeFileSync(path('lacking', 'masks', 'a.png'), mask(Array<number>(10).fill(0)));
    expect(await refusal(() => openDataset(path('lacking')))).toEqual([
      DataError,
      `${path('lacking', 'images')}: no mask in ${path('lacking', 'masks')} for b; expected a file of the same name; add it or move the image away`,
    ]);
  });
});
