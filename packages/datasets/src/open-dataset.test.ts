import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, DataError, labelMap, objectIds, type RgbImage } from '@pffnet/structures';
import { barePng } from '../test/bare-png.ts';
import { describeWithData } from '../test/real-data.ts';
import { refusal } from '../test/refusal.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { writeImage } from './files/write-image.ts';
import { writeLabelMap } from './files/write-label-map.ts';
import { datasetFormats } from './layouts/layouts.ts';
import { openDataset } from './open-dataset.ts';

const { path, make } = temporaryFolder();

const grey = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(50),
});

/** A plain data set with these images and label maps, 2 x 3 pixels each. */
async function plain(folder: string, images: readonly string[], labels: readonly string[]): Promise<string> {
  make(folder, 'images');
  make(folder, 'labels');
  for (const name of images) await writeImage(path(folder, 'images', name), grey(2, 3));
  for (const name of labels) await writeLabelMap(path(folder, 'labels', name), labelMap(2, 3, [0, 1, 1, 0, 9, 9]));
  return path(folder);
}

describe('openDataset', () => {
  test('pairs images and label maps by name, whatever their endings', async () => {
    const folder = await plain('pairs', ['b.png', 'a.1.png'], ['a.1.tif', 'b.png']);
    const dataset = await openDataset(folder);
    expect(dataset.names).toEqual(['a.1', 'b']);
    const { name, image, labels } = await dataset.load('a.1');
    expect(name).toBe('a.1');
    expect(image).toEqual(grey(2, 3));
    expect([...labels.data]).toEqual([0, 1, 1, 0, 9, 9]);
  });

  test('hands the scaling to the reader', async () => {
    const folder = await plain('scaled', [], ['a.png']);
    writeFileSync(
      join(folder, 'images', 'a.png'),
      barePng({ width: 3, depth: 8, type: 0, values: [0, 1, 2, 2, 2, 2] }),
    );
    const { image } = await (await openDataset(folder, { scaling: { kind: 'min-max' } })).load('a');
    expect([image.data[0], image.data[3], image.data[6]]).toEqual([0, 127.5, 255]);
  });

  test('passes over hidden files and other kinds', async () => {
    const folder = await plain('others', ['a.png'], ['a.png']);
    writeFileSync(join(folder, 'images', '.DS_Store'), '');
    writeFileSync(join(folder, 'images', 'notes.txt'), '');
    expect((await openDataset(folder)).names).toEqual(['a']);
  });

  test('accepts an image without objects and one of a single pixel', async () => {
    make('few', 'images');
    make('few', 'labels');
    await writeImage(path('few', 'images', 'none.png'), grey(1, 1));
    await writeLabelMap(path('few', 'labels', 'none.png'), labelMap(1, 1));
    await writeImage(path('few', 'images', 'one.png'), grey(1, 1));
    await writeLabelMap(path('few', 'labels', 'one.png'), labelMap(1, 1, [70_000]));
    const dataset = await openDataset(path('few'));
    expect([...(await dataset.load('none')).labels.data]).toEqual([0]);
    expect([...(await dataset.load('one')).labels.data]).toEqual([70_000]);
  });

  test('reads TNBC as downloaded: each connected region of a mask is one object', async () => {
    make('tnbc', 'Slide_02');
    make('tnbc', 'GT_02');
    await writeImage(path('tnbc', 'Slide_02', '02_1.png'), grey(2, 5));
    // x . . x x
    // . x . . x
    const mask = barePng({ width: 5, depth: 8, type: 0, values: [255, 0, 0, 255, 255, 0, 255, 0, 0, 255] });
    writeFileSync(path('tnbc', 'GT_02', '02_1.png'), mask);
    const dataset = await openDataset(path('tnbc'));
    expect(dataset.names).toEqual(['02_1']);
    expect([...(await dataset.load('02_1')).labels.data]).toEqual([1, 0, 0, 2, 2, 0, 1, 0, 0, 2]);
  });

  const layouts = `expected images/ and labels/, or one of ${datasetFormats.filter((format) => format !== 'plain').join(', ')} as downloaded`;

  test.each<[what: string, prepare: () => Promise<unknown>, message: () => string, given?: string]>([
    ['a missing folder', async () => undefined, () => `there is no folder ${path('case')}; check the path`],
    [
      'a file in place of the folder',
      async () => writeFileSync(path('case'), ''),
      () => `${path('case')} is a file; expected a folder; give the folder that holds it`,
    ],
    [
      'a zip file in place of the folder',
      async () => {
        make('case');
        writeFileSync(path('case', 'cells.zip'), '');
      },
      () => `${path('case', 'cells.zip')} is a zip file; expected a folder; unpack it and give the folder`,
      'cells.zip',
    ],
    [
      'a link to itself in place of the folder',
      async () => {
        make('case');
        symlinkSync(path('case', 'loop'), path('case', 'loop'));
      },
      () => `${path('case', 'loop')} is a symbolic link to itself; expected a folder; mend the link`,
      'loop',
    ],
    ['an empty folder', async () => make('case'), () => `${path('case')} is empty; ${layouts}; put the data there`],
    [
      'a folder of something else',
      async () => make('case', 'pictures'),
      () => `${path('case')} is not a data set of a known form; ${layouts}; give the folder that holds them`,
    ],
    [
      'images without labels/',
      async () => make('case', 'images'),
      () => `${path('case')} has images/ but no labels/; ${layouts}; add the missing folder`,
    ],
    [
      'labels without images/',
      async () => make('case', 'labels'),
      () => `${path('case')} has labels/ but no images/; ${layouts}; add the missing folder`,
    ],
    [
      'empty images/',
      () => plain('case', [], ['a.png']),
      () => `${path('case', 'images')} holds no image; expected png, tif, jpg or webp files; put some there`,
    ],
    [
      'images without label map',
      () => plain('case', ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'], ['c.png']),
      () =>
        `${path('case', 'images')}: no label map in ${path('case', 'labels')} for a, b, d and 1 more; expected a file of the same name; add it or move the image away`,
    ],
    [
      'a label map without image',
      () => plain('case', ['a.png'], ['a.png', 'a2.png']),
      () =>
        `${path('case', 'labels')}: no image in ${path('case', 'images')} for a2; expected a file of the same name; add it or move the label map away`,
    ],
    [
      'two files of one name',
      () => plain('case', ['a.png'], ['a.png', 'a.tif']),
      () =>
        `${path('case', 'labels', 'a.png')} and ${path('case', 'labels', 'a.tif')} have the same name; expected one file per name; move one away`,
    ],
    [
      'sizes that differ',
      async () => {
        await plain('case', ['a.png'], ['a.png']);
        await writeImage(path('case', 'images', 'a.png'), grey(3, 2));
      },
      () =>
        `${path('case', 'labels', 'a.png')} has 2 rows and 3 columns, its image ${path('case', 'images', 'a.png')} 3 and 2; expected the same size; export one of them again`,
    ],
    [
      'a file that is no image',
      async () => {
        await plain('case', ['a.png'], ['a.png']);
        writeFileSync(path('case', 'images', 'a.png'), 'no image');
      },
      () =>
        `cannot read ${path('case', 'images', 'a.png')}: Input file contains unsupported image format; expected a PNG, TIFF, JPEG or WebP image; replace the file`,
    ],
    [
      'a link to itself among the images',
      async () => {
        await plain('case', ['a.png'], ['a.png']);
        rmSync(path('case', 'images', 'a.png'));
        symlinkSync(path('case', 'images', 'a.png'), path('case', 'images', 'a.png'));
      },
      () =>
        `${path('case', 'images', 'a.png')} is a symbolic link to itself; expected a PNG, TIFF, JPEG or WebP image; mend the link`,
    ],
    [
      'a folder named like an image',
      async () => {
        await plain('case', ['a.png'], ['a.png', 'b.png']);
        make('case', 'images', 'b.png');
      },
      () =>
        `${path('case', 'images', 'b.png')} is a folder; expected a PNG, TIFF, JPEG or WebP image; name a file in it`,
    ],
    [
      'a slide folder without masks',
      async () => make('case', 'Slide_07'),
      () => `${path('case')} has Slide_07 but no GT_07; expected the masks of its images there; add them`,
    ],
  ])('refuses %s', async (_, prepare, message, given = '') => {
    rmSync(path('case'), { recursive: true, force: true });
    await prepare();
    expect(await refusal(() => openDataset(path('case', given)))).toEqual([DataError, message()]);
  });

  test('takes a format by name, and refuses one that does not fit or does not exist', async () => {
    const folder = await plain('named', ['a.png'], ['a.png']);
    writeFileSync(join(folder, 'notes.xml'), ''); // Kumar's, if plain were not asked first
    expect((await openDataset(folder, { format: 'plain' })).names).toEqual(['a']);
    expect(await refusal(() => openDataset(folder, { format: 'tnbc' }))).toEqual([
      DataError,
      `${folder} is not laid out as tnbc; expected Slide_XX/ and GT_XX/ (TNBC as downloaded); give the folder that holds them, or another format`,
    ]);
    expect(await refusal(() => openDataset(folder, { format: 'tnbcs' as 'tnbc' }))).toEqual([
      ConfigError,
      `there is no data-set format tnbcs; nearest is tnbc; expected one of ${datasetFormats.join(', ')}`,
    ]);
  });

  test('refuses one name in two slide folders', async () => {
    for (const patient of ['01', '02']) {
      make('twice', `Slide_${patient}`);
      make('twice', `GT_${patient}`);
      await writeImage(path('twice', `Slide_${patient}`, 'a.png'), grey(2, 3));
      await writeLabelMap(path('twice', `GT_${patient}`, 'a.png'), labelMap(2, 3));
    }
    expect(await refusal(() => openDataset(path('twice')))).toEqual([
      DataError,
      `${path('twice', 'Slide_01', 'a.png')} and ${path('twice', 'Slide_02', 'a.png')} have the same name; expected one image per name; rename one`,
    ]);
  });

  test('names the nearest image when asked for an unknown one', async () => {
    const dataset = await openDataset(await plain('near', ['01_1.png', '02_1.png'], ['01_1.png', '02_1.png']));
    expect(await refusal(() => dataset.load('02-1'))).toEqual([
      DataError,
      `${path('near')} has no image 02-1; nearest is 02_1`,
    ]);
  });

  test('notices a label map that changed its size after the folder was opened', async () => {
    const folder = await plain('changed', ['a.png'], ['a.png']);
    const dataset = await openDataset(folder);
    await writeLabelMap(join(folder, 'labels', 'a.png'), labelMap(1, 3));
    expect(await refusal(() => dataset.load('a'))).toEqual([
      DataError,
      `${join(folder, 'labels', 'a.png')} has 1 rows and 3 columns, its image ${join(folder, 'images', 'a.png')} 2 and 3; expected the same size; export one of them again`,
    ]);
  });

  describeWithData('tnbc', (folder) => {
    test('finds 50 images of 512 x 512 with 4,028 objects', async () => {
      const dataset = await openDataset(folder);
      expect(dataset.names).toHaveLength(50);
      let objects = 0;
      for (const name of dataset.names) {
        const { image, labels } = await dataset.load(name);
        expect([image.height, image.width]).toEqual([512, 512]);
        objects += objectIds(labels).length;
      }
      expect(objects).toBe(4028);
    });
  });

  describeWithData('raw/tnbc', (folder) => {
    test('agrees with the label maps prepared from the same masks', async () => {
      const raw = await openDataset(folder);
      const prepared = await openDataset(join(folder, '..', '..', 'tnbc'));
      for (const name of raw.names) {
        const [ours, theirs] = [await raw.load(name), await prepared.load(name)];
        expect(ours.image.data.every((value, index) => value === theirs.image.data[index])).toBe(true);
        expect(ours.labels.data.every((id, pixel) => id === theirs.labels.data[pixel])).toBe(true);
      }
    });
  });

  describeWithData('kumar', (folder) => {
    test('finds 16 images of 1000 x 1000', async () => {
      const dataset = await openDataset(folder);
      expect(dataset.names).toHaveLength(16);
      const { labels } = await dataset.load(dataset.names[0]!);
      expect([labels.height, labels.width]).toEqual([1000, 1000]);
    });
  });

  describeWithData('dsb2018', (folder) => {
    test('reads grey and colour images alike', async () => {
      const dataset = await openDataset(folder);
      expect(dataset.names).toHaveLength(210);
      expect((await dataset.load('00071198d059ba7f')).image.data).toHaveLength(256 * 256 * 3);
      expect((await dataset.load('00ae65c1c6631ae6')).image.data).toHaveLength(256 * 320 * 3);
    });
  });
});
