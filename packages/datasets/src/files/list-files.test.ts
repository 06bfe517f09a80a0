import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/tensor-ops/structures';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { listImages } from './list-files.ts';

const { path, make } = temporaryFolder();

describe('listImages', () => {
  test('gives names without endings, in order', async () => {
    const folder = make('some');
    for (const file of ['b.JPG', 'a.tif', 'a.b.webp', 'B.png', 'table.csv', '.hidden.png'])
      writeFileSync(path('some', file), '');
    expect(await listImages(folder)).toEqual([
      { name: 'B', path: path('some', 'B.png') },
      { name: 'a', path: path('some', 'a.tif') },
      { name: 'a.b', path: path('some', 'a.b.webp') },
      { name: 'b', path: path('some', 'b.JPG') },
    ]);
  });

  test('refuses a folder without images', async () => {
    expect(await refusal(() => listImages(make('none')))).toEqual([
      DataError,
      `${path('none')} holds no image; expected png, tif, jpg or webp files; put some there`,
    ]);
  });
});
