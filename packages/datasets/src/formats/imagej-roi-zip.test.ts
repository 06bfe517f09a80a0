import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError, type Polygon, type Ring } from '@pffnet/structures';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { describeWithImageJ } from '../../test/imagej.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readLabelMap } from '../files/read-label-map.ts';
import { decodeRoi, encodeRoi } from './imagej-roi.ts';
import { readRoiZip, writeRoiZip } from './imagej-roi-zip.ts';
import { labelsOfOutlines } from './outlined-object.ts';

const { path } = temporaryFolder();
const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];

describe('encodeRoi', () => {
  test('writes a traced selection byte by byte as ImageJ does', () => {
    const bytes = Buffer.from(encodeRoi([[square(3, 500, 2)]], 'Az'));
    const expected = Buffer.alloc(64 + 16 + 64 + 4);
    expected.write('Iout', 'latin1');
    expected.writeUInt16BE(228, 4); // version
    expected[6] = 8; // traced
    [500, 3, 502, 5, 4].forEach((value, index) => expected.writeUInt16BE(value, 8 + 2 * index)); // box, corners
    expected.writeUInt32BE(80, 60); // second header
    [0, 2, 2, 0, 0, 0, 2, 2].forEach((value, index) => expected.writeUInt16BE(value, 64 + 2 * index));
    expected.writeUInt32BE(144, 96); // name
    expected.writeUInt32BE(2, 100);
    expected.set([0, 65, 0, 122], 144);
    expect(bytes.equals(expected)).toBe(true);
  });

  test.each<[string, Polygon[]]>([
    ['holes', [[square(0, 0, 9), square(2, 2, 3)]]],
    ['pieces', [[square(0, 0, 2)], [square(5, 5, 2)]]],
    ['coordinates above 60,535', [[square(70000, 3, 4)]]],
    ['more than 65,535 corners', [[Array.from({ length: 70001 }, (_, index) => [(index % 70000) >> 1, index % 2])]]], // prettier-ignore
  ])('writes a composite selection for %s, and it comes back', (_, polygons) => {
    const bytes = encodeRoi(polygons, 'a');
    expect(bytes[6]).toBe(1);
    expect(Buffer.from(bytes).readUInt32BE(36)).toBeGreaterThan(0);
    expect(decodeRoi(bytes, 'a')).toEqual(polygons.flat());
  });
});

describe('decodeRoi', () => {
  const header = (type: number, box: number[], corners = 0, options = 0): Buffer => {
    const bytes = Buffer.alloc(64);
    bytes.write('Iout', 'latin1');
    bytes.writeUInt16BE(227, 4);
    bytes[6] = type;
    box.forEach((value, index) => bytes.writeInt16BE(value, 8 + 2 * index));
    bytes.writeUInt16BE(corners, 16);
    bytes.writeUInt16BE(options, 50);
    return bytes;
  };

  test('reads rectangles, and polygons of parts of pixels', () => {
    expect(decodeRoi(header(1, [-1, 2, 4, 6]), 'a')).toEqual([[[2, -1], [6, -1], [6, 4], [2, 4], [2, -1]]]); // prettier-ignore
    const floats = Buffer.alloc(3 * 12);
    [0.5, 4.5, 2.25, 1.5, 1.5, 6].forEach((value, index) => floats.writeFloatBE(value, 12 + index * 4));
    const fine = Buffer.concat([header(0, [0, 0, 9, 9], 3, 128), floats]);
    expect(decodeRoi(fine, 'a')).toEqual([[[0.5, 1.5], [4.5, 1.5], [2.25, 6], [0.5, 1.5]]]); // prettier-ignore
  });

  const expectation =
    'expected an ImageJ selection that encloses an area: polygon, freehand, traced, rectangle or composite';
  test.each<[string, Buffer, string]>([
    ['ovals', header(2, [0, 0, 5, 5]), `a is a selection of type 2; ${expectation}; turn it into a polygon in ImageJ`],
    [
      'corners that are not there',
      header(0, [0, 0, 5, 5], 60000),
      `a has 60000 corners in 64 bytes; ${expectation}; save it again`,
    ],
    ['other files', Buffer.alloc(100), `a does not begin as an ImageJ selection does; ${expectation}`],
  ])('refuses %s', async (_, bytes, message) => {
    expect(await refusal(() => decodeRoi(bytes, 'a'))).toEqual([DataError, message]);
  });

  test('reads any 16-bit outline back', () => {
    const corner = fc.tuple(fc.nat(60535), fc.nat(60535));
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 20 }), (corners) => {
        const ring: Ring = [...corners, corners[0]!];
        const last = corners[corners.length - 1]!;
        fc.pre(last.join() !== corners[0]!.join());
        expect(decodeRoi(encodeRoi([[ring]], 'x'), 'x')).toEqual([ring]);
      }),
    );
  });
});

describe('readRoiZip', () => {
  test('gives back the objects that writeRoiZip was given', async () => {
    await writeRoiZip(path('a.zip'), [
      { polygons: [[square(0, 0, 3), square(1, 1, 1)]], name: 'cell ä' },
      { polygons: [[square(2, 2, 2)]] },
      { polygons: [[square(0, 3, 1)]], name: 'cell ä' },
    ]);
    const objects = await readRoiZip(path('a.zip'));
    expect(objects.map(({ name }) => name)).toEqual(['cell ä', '2', 'cell ä-3']);
    const { labels } = await labelsOfOutlines(objects, { height: 4, width: 4 }, 'a.zip');
    expect([...labels.data]).toEqual([1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 2, 2, 3, 0, 2, 2]);
  });

  test.each([
    ['a line', 3],
    ['a freehand line', 4],
    ['a segmented line', 5],
    ['an angle', 9],
    ['a point', 10],
    ['a polygon of no corner', 0],
  ])('passes over %s, which names an object without area, and counts it', async (what, type) => {
    const click = Buffer.alloc(128);
    click.write('Iout', 'latin1');
    click[6] = type;
    const file = path(`${what}.zip`);
    writeFileSync(file, zipSync({ 'a.roi': encodeRoi([[square(0, 0, 2)]], 'a'), 'b.roi': click }));
    const { labels, account } = await labelsOfOutlines(await readRoiZip(file), { height: 2, width: 3 }, file);
    expect([...labels.data]).toEqual([1, 1, 0, 1, 1, 0]);
    expect(account).toEqual({ named: 2, lost: [{ name: 'object 2', reason: 'stray' }], strayPieces: [] });
    writeFileSync(file, zipSync({ 'b.roi': click }));
    expect(await refusal(() => readRoiZip(file))).toEqual([
      DataError,
      `${file} has 1 selections, none of which encloses an area; expected outlines; save those of the objects`,
    ]);
  });

  test('refuses an entry that claims to unpack to far more than its bytes can', async () => {
    const bytes = Buffer.from(zipSync({ '1.roi': encodeRoi([[square(0, 0, 3)]], '1') }));
    const listed = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bytes.writeUInt32LE(0x3f000000, listed + 24); // the size that the list of contents gives
    writeFileSync(path('bomb.zip'), bytes);
    expect(await refusal(() => readRoiZip(path('bomb.zip')))).toEqual([
      DataError,
      `${path('bomb.zip')} claims to unpack 1.roi to 1056964608 bytes; expected a zip of ImageJ's ROI Manager; save it again`,
    ]);
  });

  test(
    'refuses damaged files in one line, or reads what is still whole',
    async () => {
      await writeRoiZip(path('whole.zip'), [{ polygons: [[square(0, 0, 3), square(1, 1, 1)]] }, { polygons: [[square(2, 2, 2)]] }]); // prettier-ignore
      const size = { height: 9, width: 9 };
      await survivesDamage(path('damaged.zip'), readFileSync(path('whole.zip')), async (file) =>
        labelsOfOutlines(await readRoiZip(file), size, file),
      );
      // The sum of a zip's entry does not let wounds through.
      const one = encodeRoi([[square(0, 0, 3), square(1, 1, 1)]], 'a');
      await survivesDamage(path('damaged.roi'), one, async (file) =>
        labelsOfOutlines(
          [{ polygons: [decodeRoi(readFileSync(file), file)].filter(({ length }) => length > 0) }],
          size,
          file,
        ),
      );
    },
    fuzzTimeout,
  );

  describeWithImageJ((rewrite) => {
    test('fills the same pixels, and what it writes is read: neighbours, holes, pieces, and corners beyond 60,535', async () => {
      const objects = [
        { polygons: [[square(0, 0, 4), square(1, 1, 2)]] },
        { polygons: [[square(4, 0, 2)], [square(0, 4, 2)]] },
        { polygons: [[square(1, 1, 2)]] },
        { polygons: [[[[7, 0], [9, 0], [9, 1], [8, 1], [8, 2], [9, 2], [9, 3], [7, 3], [7, 0]] as Ring]] }, // prettier-ignore
        { polygons: [[square(60999, 2, 3)]] },
      ];
      await writeRoiZip(path('drawn.zip'), objects);
      const size = { height: 7, width: 61002 };
      rewrite(path('drawn.zip'), size, { tiff: path('drawn.tif'), zip: path('rewritten.zip') });
      const { data } = await readLabelMap(path('drawn.tif'));
      const rows = Array.from({ length: 7 }, (_, y) =>
        [...data.subarray(y * size.width, y * size.width + 10)].join(''),
      );
      expect(rows).toEqual(['1111220440', '1331220400', '1331000440', '1111000000', '2200000000', '2200000000', '0000000000']); // prettier-ignore
      const rewritten = await readRoiZip(path('rewritten.zip'));
      expect(rewritten.map(({ name }) => name)).toEqual(['1', '2', '3', '4', '5']);
      expect((await labelsOfOutlines(rewritten, size, 'rewritten.zip')).labels.data).toEqual(data);
    }, 120_000);
  });

  describeWithPython(['zipfile'], (python) => {
    test('the zip is one for another program', async () => {
      await writeRoiZip(path('names.zip'), [{ polygons: [[square(0, 0, 3)]], name: 'ä' }]);
      expect(
        python(
          'import sys, json, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.namelist(), z.testzip(), z.read(z.namelist()[0])[:4].decode()]))',
          path('names.zip'),
        ),
      ).toEqual([['ä.roi'], null, 'Iout']);
    });
  });
});
