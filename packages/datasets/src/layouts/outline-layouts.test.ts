import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap, type Ring } from '@pffnet/structures';
import { barePng } from '../../test/bare-png.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { writeCoco } from '../formats/coco.ts';
import { writeGeoJson } from '../formats/geojson.ts';
import { writeNpy } from '../formats/npy.ts';
import { pairingName } from '../files/pairing-name.ts';
import { writeLabelMap } from '../files/write-label-map.ts';
import { openDataset } from '../open-dataset.ts';

const { path, make } = temporaryFolder();
const photo = barePng({ width: 3, depth: 8, type: 0, values: [1, 2, 3, 4, 5, 6] });
const labels = labelMap(2, 3, [1, 1, 0, 0, 1, 2]);
const bar: Ring = [[0, 1], [3, 1], [3, 2], [0, 2], [0, 1]]; // prettier-ignore

describe('plainLayout', () => {
  test('takes NPY and 32-bit TIFF label maps beside PNG', async () => {
    make('plain', 'images');
    make('plain', 'labels');
    for (const name of ['a', 'b', 'c']) writeFileSync(path('plain', 'images', `${name}.png`), photo);
    await writeNpy(path('plain', 'labels', 'a.npy'), { shape: [2, 3], data: Float64Array.from(labels.data) });
    await writeLabelMap(path('plain', 'labels', 'b.tif'), labels);
    await writeLabelMap(path('plain', 'labels', 'c.png'), labels);
    const dataset = await openDataset(path('plain'));
    for (const name of ['a', 'b', 'c']) expect((await dataset.load(name)).labels).toEqual(labels);
  });

  test('pairs names that look alike but are coded in two ways, and those with .ome before the ending', async () => {
    make('coded', 'images');
    make('coded', 'labels');
    writeFileSync(path('coded', 'images', `${'ä'.normalize('NFD')}.png`), photo);
    writeFileSync(path('coded', 'images', 'b.ome.png'), photo);
    await writeLabelMap(path('coded', 'labels', `${'ä'.normalize('NFC')}.png`), labels);
    await writeLabelMap(path('coded', 'labels', 'b.tif'), labels);
    expect((await openDataset(path('coded'))).names).toEqual(['b', 'ä'.normalize('NFC')]);
  });

  test('refuses two names that look alike', async () => {
    make('alike', 'images');
    make('alike', 'labels');
    const [one, two] = ['NFD', 'NFC'].map((form) => path('alike', 'images', `${'ä'.normalize(form)}.png`));
    for (const file of [one!, two!]) writeFileSync(file, photo);
    await writeLabelMap(path('alike', 'labels', 'ä.png'), labels);
    expect(await refusal(() => openDataset(path('alike')))).toEqual([
      DataError,
      `${one} and ${two} look alike: their letters are coded in two ways (Unicode); expected one file per name; move one away`,
    ]);
  });

  test('compares the size of an NPY label map with its image when the folder is opened', async () => {
    make('size', 'images');
    make('size', 'labels');
    writeFileSync(path('size', 'images', 'a.png'), photo);
    await writeNpy(path('size', 'labels', 'a.npy'), { shape: [3, 2], data: new Uint8Array(6) });
    expect(await refusal(() => openDataset(path('size')))).toEqual([
      DataError,
      `${path('size', 'labels', 'a.npy')} has 3 rows and 2 columns, its image ${path('size', 'images', 'a.png')} 2 and 3; expected the same size; export one of them again`,
    ]);
  });
});

describe('cocoLayout', () => {
  test('finds images beside the file or in images/, on files that we write ourselves', async () => {
    make('coco', 'images', 'left');
    writeFileSync(path('coco', 'images', 'left', 'a.png'), photo);
    writeFileSync(path('coco', 'b.png'), photo);
    await writeCoco(path('coco', 'annotations.json'), [
      { fileName: 'left/a.png', labels },
      { fileName: 'b.png', labels: labelMap(2, 3) },
    ]);
    const dataset = await openDataset(path('coco'));
    expect(dataset.names).toEqual(['a', 'b']);
    expect((await dataset.load('a')).labels).toEqual(labels);
    expect((await dataset.load('b')).labels).toEqual(labelMap(2, 3));
  });

  test.each([
    ['with a backslash, as Windows writes folders', 'images\\left\\ä.png'.normalize('NFC')],
    ['whose letters are coded in another way', 'left/ä.png'.normalize('NFC')],
    ['with two endings', 'left/b.ome.png'],
    ['in a folder of another machine', 'train2018/left/c.png'],
  ])('finds an image %s', async (what, fileName) => {
    make(what, 'images', 'left');
    for (const name of ['ä'.normalize('NFD'), 'b.ome'])
      writeFileSync(path(what, 'images', 'left', `${name}.png`), photo);
    writeFileSync(path(what, 'images', 'c.png'), photo);
    await writeCoco(path(what, 'coco.json'), [{ fileName, labels }]);
    const dataset = await openDataset(path(what));
    expect(dataset.names).toEqual([pairingName(fileName)]);
    for (const form of ['NFC', 'NFD']) {
      expect((await dataset.load(dataset.names[0]!.normalize(form))).labels).toEqual(labels);
    }
  });

  test.each([
    ['missing.png', 'names the image missing.png, which is neither beside it nor in images/; add the image'],
    ['../a.png', 'names the image "../a.png"; expected a place in the folder; write file names without folders'],
    ['/etc/a.png', 'names the image "/etc/a.png"; expected a place in the folder; write file names without folders'],
  ])('refuses the file name %s', async (fileName, message) => {
    make('names', 'images');
    const file = path('names', 'coco.json');
    await writeCoco(file, [{ fileName, labels }]);
    expect(await refusal(() => openDataset(path('names')))).toEqual([DataError, `${file} ${message}`]);
  });

  test('refuses an image of another size than the file says', async () => {
    make('other', 'images');
    writeFileSync(path('other', 'images', 'a.png'), photo);
    await writeCoco(path('other', 'coco.json'), [{ fileName: 'a.png', labels: labelMap(4, 4) }]);
    const [kind, message] = await refusal(() => openDataset(path('other')));
    expect(kind).toBe(DataError);
    expect(message).toMatch(/coco\.json \(a\.png\) has 4 rows and 4 columns, its image .* 2 and 3; expected the same/);
  });
});

describe('geoJsonLayout', () => {
  test.each([
    ['in images/ and annotations/', 'images', 'annotations'],
    ['in one folder', '.', '.'],
  ])('reads images and annotations %s, on files that we write ourselves', async (title, images, annotations) => {
    make(title, images);
    make(title, annotations);
    writeFileSync(path(title, images, 'a.png'), photo);
    await writeGeoJson(path(title, annotations, 'a.geojson'), [{ polygons: [[bar]] }], 'annotation');
    const dataset = await openDataset(path(title));
    expect([...(await dataset.load('a')).labels.data]).toEqual([0, 0, 0, 1, 1, 1]);
  });
});

describe('cpm17Layout', () => {
  describeWithPython(['scipy.io', 'numpy'], (python) => {
    test('reads inst_map of every image, on files that SciPy writes', async () => {
      make('cpm17', 'Images');
      make('cpm17', 'Labels');
      writeFileSync(path('cpm17', 'Images', 'image_00.png'), photo);
      python(
        `import sys, numpy as n, scipy.io as io
io.savemat(sys.argv[1], {'inst_map': n.array([[1., 1, 0], [0, 1, 2]]), 'inst_type': n.ones((2, 1))}, do_compression=True)`,
        path('cpm17', 'Labels', 'image_00.mat'),
      );
      const dataset = await openDataset(path('cpm17'));
      expect((await dataset.load('image_00')).labels).toEqual(labels);
    });
  });

  test('says which image lacks its label file', async () => {
    make('lacking', 'Images');
    make('lacking', 'Labels');
    writeFileSync(path('lacking', 'Images', 'image_00.png'), photo);
    writeFileSync(path('lacking', 'Images', 'image_01.png'), photo);
    writeFileSync(path('lacking', 'Labels', 'image_00.mat'), '');
    expect(await refusal(() => openDataset(path('lacking')))).toEqual([
      DataError,
      `${path('lacking', 'Images')}: no label file in ${path('lacking', 'Labels')} for image_01; expected a file of the same name; add it or move the image away`,
    ]);
  });
});
