import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { listImages, listLabelMaps } from './list-files.ts';

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

describe('listLabelMaps', () => {
  test('passes over pictures of formats that do not keep ids', async () => {
    const folder = make('labels');
    for (const file of ['a.tif', 'a.jpg', 'b.npy', 'c.png', 'b.webp', 'b.csv']) writeFileSync(path('labels', file), '');
    expect((await listLabelMaps(folder)).map((file) => file.path)).toEqual([
      path('labels', 'a.tif'),
      path('labels', 'b.npy'),
      path('labels', 'c.png'),
    ]);
  });

  test('refuses a folder without any', async () => {
    const folder = make('photos');
    writeFileSync(path('photos', 'a.jpg'), '');
    expect(await refusal(() => listLabelMaps(folder))).toEqual([
      DataError,
      `${folder} holds no label map but 1 of JPEG or WebP, such as ${path('photos', 'a.jpg')}, whose compression with loss changes ids; expected png, tif or npy files; export them again without loss`,
    ]);
  });
});
