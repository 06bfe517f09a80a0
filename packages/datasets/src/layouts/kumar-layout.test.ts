import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError, objectIds, type RgbImage } from '@pffnet/structures';
import sharp, { type TiffOptions } from 'sharp';
import { describeWithData } from '../../test/real-data.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { writeImage } from '../files/write-image.ts';
import { openDataset } from '../open-dataset.ts';
import { readOutlines } from './kumar-layout.ts';

const { path, make } = temporaryFolder();

const region = (points: string, attributes = ''): string => {
  const vertices = points
    .split(' ')
    .filter(Boolean)
    .map((point) => point.split(','));
  return `<Region Id="1"${attributes}><Attributes/><Vertices>${vertices
    .map(([x, y]) => `<Vertex X="${x}" Y="${y}"/>`)
    .join('')}</Vertices></Region>`;
};

const annotations = (...regions: string[]): string =>
  `<Annotations MicronsPerPixel="0.252000"><Annotation Id="1"><Regions>\n${regions.join('\n')}\n</Regions></Annotation></Annotations>`;

/** The label map of an annotation on an image of 3 rows and 5 columns, row by row. */
async function drawn(xml: string): Promise<string[]> {
  writeFileSync(path('drawn.xml'), xml);
  const {
    labels: { data },
  } = await readOutlines(path('drawn.xml'), { height: 3, width: 5 });
  return [0, 1, 2].map((row) => [...data.subarray(row * 5, row * 5 + 5)].join(''));
}

const grey = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(50),
});

describe('readOutlines', () => {
  test('numbers objects as the file does, by the centres of the pixels inside', async () => {
    expect(await drawn(annotations(region('0,0 2,0 2,2 0,2'), region('3,0 5,0 5,3')))).toEqual([
      '11022',
      '11002',
      '00000',
    ]);
  });

  test('lets the first of two overlapping regions keep their common pixels', async () => {
    expect(await drawn(annotations(region('0,0 3,0 3,3 0,3'), region('1,1 5,1 5,3 1,3')))).toEqual([
      '11100',
      '11122',
      '11122',
    ]);
  });

  test('takes negative regions away, wherever they stand in the file', async () => {
    const hole = region('1,1 2,1 2,2 1,2', ' NegativeROA="1"');
    expect(await drawn(annotations(hole, region('0,0 3,0 3,3 0,3')))).toEqual(['22200', '20200', '22200']);
  });

  test('passes over stray clicks, their numbers with them', async () => {
    expect(await drawn(annotations(region('1,1'), region('0,0 5,3'), region(''), region('0,0 1,0 1,1 0,1')))).toEqual([
      '40000',
      '00000',
      '00000',
    ]);
  });

  test('takes NegativeROA="true" for a negative region', async () => {
    const hole = region('1,1 2,1 2,2 1,2', ' NegativeROA="true"');
    expect(await drawn(annotations(region('0,0 3,0 3,3 0,3'), hole))).toEqual(['11100', '10100', '11100']);
  });

  test('does not lose regions in silence: each is named with the reason', async () => {
    const negative = region('4,0 5,0 5,3 4,3', ' NegativeROA="1"');
    const regions = [
      region('0,0 3,0 3,3 0,3'),
      region('1,1 2,1 2,2 1,2'),
      region('3,0 3.4,0 3.4,3'),
      region('1,1'),
      region('700,800 710,800 710,810'),
      negative,
      region('4,0 5,0 5,1 4,1'),
    ];
    writeFileSync(path('lost.xml'), annotations(...regions));
    const { account } = await readOutlines(path('lost.xml'), { height: 3, width: 5 });
    const lost = (number: number, reason: string): object => ({ name: `region ${number}`, reason });
    expect(account).toEqual({
      named: 6,
      lost: [lost(2, 'covered'), lost(3, 'thin'), lost(4, 'stray'), lost(5, 'outside'), lost(7, 'erased')],
      strayPieces: [],
    });
  });

  test('cuts off what lies outside the image', async () => {
    expect(await drawn(annotations(region('-2,-1 1,-1 1,9 -2,9')))).toEqual(['10000', '10000', '10000']);
  });

  test('reads the regions of every layer, and an annotation without regions', async () => {
    const layer = (content: string): string => `<Annotation><Regions>${content}</Regions></Annotation>`;
    expect(
      await drawn(`<Annotations>${layer(region('0,0 1,0 1,1 0,1'))}${layer(region('4,2 5,2 5,3 4,3'))}</Annotations>`),
    ).toEqual(['10000', '00000', '00002']);
    expect(await drawn(annotations())).toEqual(['00000', '00000', '00000']);
  });

  const shape = 'expected an Aperio ImageScope annotation (Annotations/Annotation/Regions/Region/Vertices/Vertex)';

  test.each([
    [
      'regions that all lie outside the image',
      annotations(region('700,800 710,800 710,810'), region('900,800 910,800 910,810')),
      'FILE: all 2 objects lie outside the image of 3 rows and 5 columns; expected outlines in pixels of that image; take the image that was annotated, at the same scale',
    ],
    [
      'a file that is cut short',
      annotations(region('0,0 1,0 1,1')).slice(0, -40),
      `FILE, line 2: unclosed tag: Region; ${shape}; export it again`,
    ],
    [
      'a vertex without numbers',
      annotations(region('0,0 1,zero 1,1')),
      `FILE, line 2: a vertex has X "1" and Y "zero"; ${shape}; export it again`,
    ],
    [
      'a vertex without a coordinate',
      annotations('<Region><Vertices><Vertex X="1"/></Vertices></Region>'),
      `FILE, line 2: a vertex has X "1" and Y ""; ${shape}; export it again`,
    ],
    ['other XML', '<html><body/></html>', `FILE, line 1: it begins with <html>; ${shape}; export it again`],
    ['no XML', 'PK\u0003\u0004', `FILE, line 1: disallowed character; ${shape}; export it again`],
    ['nothing', '', `FILE, line 1: document must contain a root element; ${shape}; export it again`],
  ])('refuses %s', async (_, xml, message) => {
    const file = path('refused.xml');
    writeFileSync(file, xml);
    const refused = await refusal(() => readOutlines(file, { height: 3, width: 5 }));
    expect(refused).toEqual([DataError, message.replace('FILE', file)]);
  });

  test('names a missing file and a folder', async () => {
    expect(await refusal(() => readOutlines(path('none.xml'), { height: 1, width: 1 }))).toEqual([
      DataError,
      `there is no file ${path('none.xml')}; ${shape}; check the path`,
    ]);
    expect(await refusal(() => readOutlines(path(), { height: 1, width: 1 }))).toEqual([
      DataError,
      `${path()} is a folder; ${shape}; name a file in it`,
    ]);
  });
});

describe('kumarLayout', () => {
  const square = annotations(region('1,1 3,1 3,3 1,3'));

  test.each([
    ['in two folders', 'Tissue Images', 'Annotations'],
    ['in two folders, written otherwise', 'Tissue images', 'annotations'],
    ['in one folder', '', ''],
  ])('pairs images and outlines by name, %s', async (title, images, outlines) => {
    make(title, images);
    make(title, outlines);
    for (const name of ['b', 'a']) {
      const tiff = sharp(Buffer.alloc(48, 9), { raw: { width: 4, height: 4, channels: 3 } }).tiff();
      writeFileSync(path(title, images, `${name}.tif`), await tiff.toBuffer());
      writeFileSync(path(title, outlines, `${name}.xml`), square);
    }
    const dataset = await openDataset(path(title));
    expect(dataset.names).toEqual(['a', 'b']);
    const { image, labels } = await dataset.load('a');
    expect([image.height, image.width, image.data[0]]).toEqual([4, 4, 9]);
    expect([...labels.data]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  test.each<[string, () => unknown, () => string]>([
    [
      'images without their folder of outlines',
      () => make('case', 'Tissue Images'),
      () => `${path('case')} has Tissue Images but no Annotations; expected the outlines there; add them`,
    ],
    [
      'an image without outlines',
      async () => {
        make('case');
        await writeImage(path('case', 'a.png'), grey(4, 4));
        await writeImage(path('case', 'b.png'), grey(4, 4));
        writeFileSync(path('case', 'b.xml'), square);
      },
      () =>
        `${path('case')}: no annotation in ${path('case')} for a; expected a file of the same name; add it or move the image away`,
    ],
    [
      'an empty folder of outlines',
      async () => {
        make('case', 'Tissue Images');
        make('case', 'Annotations');
        await writeImage(path('case', 'Tissue Images', 'a.png'), grey(4, 4));
      },
      () => `${path('case', 'Annotations')} holds no annotation; expected Aperio ImageScope xml files; put some there`,
    ],
  ])('refuses %s', async (_, prepare, message) => {
    rmSync(path('case'), { recursive: true, force: true });
    await prepare();
    expect(await refusal(() => openDataset(path('case')))).toEqual([DataError, message()]);
  });

  describeWithData('raw/kumar', (folder) => {
    const name = 'TCGA-B0-5711-01Z-00-DX1';

    test('finds the objects of the label maps prepared from the same outlines', async () => {
      const raw = await openDataset(folder);
      const prepared = await openDataset(join(folder, '..', '..', 'kumar'));
      expect(raw.names).toHaveLength(3);
      for (const each of raw.names) {
        const [ours, theirs] = [await raw.load(each), await prepared.load(each)];
        expect(sameBits(ours.image.data, theirs.image.data)).toBe(true);
        expect(objectIds(ours.labels)).toHaveLength(objectIds(theirs.labels).length);
        const overlaps = bestOverlaps(ours.labels.data, theirs.labels.data);
        // The prepared maps lie half a pixel up and left of the outlines. Measured over the three images: mean IoU
        // 0.919, 0.937, 0.913, least IoU 0.658, of an object of a few dozen pixels.
        expect(overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length).toBeGreaterThan(0.91);
        expect(Math.min(...overlaps)).toBeGreaterThan(0.65);
      }
    });

    test.each<[string, TiffOptions]>([
      ['PackBits', { compression: 'packbits' }],
      ['no compression', { compression: 'none' }],
      ['Deflate in tiles', { compression: 'deflate', tile: true, tileWidth: 256, tileHeight: 256 }],
      ['LZW in tiles', { compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 64 }],
    ])('reads the same image with %s, as sharp writes it', async (title, options) => {
      make(title);
      const from = join(folder, 'Tissue Images', `${name}.tif`);
      await sharp(from)
        .tiff(options)
        .toFile(path(title, `${name}.tif`));
      copyFileSync(join(folder, 'Annotations', `${name}.xml`), path(title, `${name}.xml`));
      const [again, raw] = [await openDataset(path(title)), await openDataset(folder)];
      const [{ image }, original] = [await again.load(name), await raw.load(name)];
      expect(sameBits(image.data, original.image.data)).toBe(true);
    });
  });
});

/** Compares natively: three million calls would take seconds here. */
function sameBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

/** Per object of the second map, the IoU with the object of the first that it shares most pixels with. */
function bestOverlaps(ours: Uint32Array, theirs: Uint32Array): number[] {
  const count = (map: Map<number, number>, key: number): unknown => map.set(key, (map.get(key) ?? 0) + 1);
  const [areas, theirAreas] = [new Map<number, number>(), new Map<number, number>()];
  const shared = new Map<number, Map<number, number>>();
  for (let pixel = 0; pixel < theirs.length; pixel++) {
    const [our, their] = [ours[pixel]!, theirs[pixel]!];
    count(areas, our);
    count(theirAreas, their);
    if (!shared.has(their)) shared.set(their, new Map());
    if (our > 0) count(shared.get(their)!, our);
  }
  shared.delete(0);
  return [...shared].map(([their, candidates]) =>
    Math.max(
      0,
      ...[...candidates].map(([our, pixels]) => pixels / (areas.get(our)! + theirAreas.get(their)! - pixels)),
    ),
  );
}
