import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import sharp from 'sharp';
import { barePng } from '../../test/bare-png.ts';
import { bareTiff } from '../../test/bare-tiff.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readLabelMap } from './read-label-map.ts';
import { writeLabelMap } from './write-label-map.ts';

const { path } = temporaryFolder();

const save = (name: string, bytes: Buffer): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};

const anyMap = (greatest: number, fewest = 0): fc.Arbitrary<ReturnType<typeof labelMap>> =>
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
    .chain(([height, width]) =>
      fc
        .array(fc.integer({ min: fewest, max: greatest }), { minLength: height * width, maxLength: height * width })
        .map((ids) => labelMap(height, width, ids)),
    );

describe('writeLabelMap', () => {
  test('writes a grey PNG of 16 bits', async () => {
    const written = await writeLabelMap(path('a.png'), labelMap(1, 3, [0, 1, 65535]));
    expect(written).toBe(path('a.png'));
    expect(await sharp(written).metadata()).toMatchObject({
      format: 'png',
      depth: 'ushort',
      space: 'grey16',
      channels: 1,
    });
  });

  test('writes a TIFF of 32 bits once an id passes 65,535, and says so by the path it returns', async () => {
    const written = await writeLabelMap(path('b.png'), labelMap(1, 3, [0, 1, 65536]));
    expect(written).toBe(path('b.tif'));
    expect(await sharp(written).metadata()).toMatchObject({ format: 'tiff', bitsPerSample: 32, channels: 1 });
    // Another library than the one that reads label maps sees the same number.
    expect((await sharp(written).stats()).channels[0]!.max).toBe(65536);
  });

  test('writes a TIFF when the path asks for one', async () => {
    expect(await writeLabelMap(path('c.TIFF'), labelMap(1, 1, [7]))).toBe(path('c.TIFF'));
    expect((await readLabelMap(path('c.TIFF'))).data).toEqual(Uint32Array.of(7));
  });

  test.each([
    ['of 16 bits', 65535, 0],
    ['of 32 bits', 0xffffffff, 0],
    ['whose ids all need 32 bits', 0xffffffff, 65536],
  ])('keeps every id of a map %s, gaps included', async (_, greatest, fewest) => {
    await fc.assert(
      fc.asyncProperty(anyMap(greatest, fewest), async (labels) => {
        const { height, width, data } = await readLabelMap(await writeLabelMap(path('round.png'), labels));
        expect({ height, width, data }).toEqual(labels);
      }),
      { numRuns: 25 },
    );
  });

  test('keeps more than 65,535 objects', async () => {
    const labels = labelMap(
      260,
      260,
      Array.from({ length: 260 * 260 }, (_, pixel) => pixel),
    );
    expect(await readLabelMap(await writeLabelMap(path('many.png'), labels))).toEqual(labels);
  });

  test.each([
    [0, 1],
    [9, 255],
    [1, 65535],
    [3, 65536],
  ])('keeps an image of one pixel (%i, %i)', async (...ids) => {
    for (const id of ids) {
      const labels = labelMap(1, 1, [id]);
      expect(await readLabelMap(await writeLabelMap(path('one.png'), labels))).toEqual(labels);
    }
  });

  test('refuses another ending', async () => {
    expect(await refusal(() => writeLabelMap(path('a.jpg'), labelMap(1, 1)))).toEqual([
      DataError,
      `cannot write ${path('a.jpg')}: label maps are .png or .tif files; change the ending`,
    ]);
  });

  test('refuses a map without pixels', async () => {
    expect(await refusal(() => writeLabelMap(path('a.png'), labelMap(0, 4)))).toEqual([
      ShapeError,
      'writeLabelMap: expected 0 x 4 ids and at least one pixel, got 0 ids',
    ]);
  });
});

describe('readLabelMap', () => {
  test.each([
    ['grey PNG of 16 bits', barePng({ width: 2, depth: 16, type: 0, values: [0, 300, 65535, 1] }), [0, 300, 65535, 1]],
    ['grey PNG of 8 bits', barePng({ width: 2, depth: 8, type: 0, values: [0, 3, 255, 1] }), [0, 3, 255, 1]],
    ['grey PNG of 4 bits', barePng({ width: 2, depth: 4, type: 0, values: [0, 1, 15, 7] }), [0, 1, 15, 7]],
    ['grey PNG of 2 bits', barePng({ width: 4, depth: 2, type: 0, values: [0, 1, 2, 3] }), [0, 1, 2, 3]],
    [
      'grey PNG of 1 bit',
      barePng({ width: 8, depth: 1, type: 0, values: [0, 1, 1, 0, 0, 1, 1, 1] }),
      [0, 1, 1, 0, 0, 1, 1, 1],
    ],
    ['grey PNG with alpha', barePng({ width: 2, depth: 16, type: 4, values: [500, 65535, 7, 0] }), [500, 7]],
    [
      'grey PNG stored in three channels',
      barePng({ width: 2, depth: 8, type: 2, values: [9, 9, 9, 200, 200, 200] }),
      [9, 200],
    ],
    ['TIFF of 8 bits', bareTiff({ width: 2, height: 1, values: Uint8Array.of(200, 3) }), [200, 3]],
    ['TIFF of 16 bits', bareTiff({ width: 2, height: 1, values: Uint16Array.of(40000, 3) }), [40000, 3]],
    ['TIFF of 32 bits', bareTiff({ width: 2, height: 1, values: Uint32Array.of(4e9, 3) }), [4e9, 3]],
    ['TIFF of signed numbers', bareTiff({ width: 2, height: 1, values: Int32Array.of(70000, 0) }), [70000, 0]],
    [
      'TIFF of floating-point numbers',
      bareTiff({ width: 2, height: 1, values: Float32Array.of(70000, 0) }),
      [70000, 0],
    ],
  ])('reads a %s', async (name, bytes, ids) => {
    expect([...(await readLabelMap(save(name, bytes))).data]).toEqual(ids);
  });

  test.each(['none', 'lzw', 'packbits', 'deflate'] as const)(
    'reads a TIFF of 16 bits, compression %s',
    async (compression) => {
      const ids = Uint16Array.from({ length: 30 * 20 }, (_, pixel) => (pixel % 7 === 0 ? 0 : pixel * 100));
      const picture = sharp(ids, { raw: { width: 30, height: 20, channels: 1 } }).toColourspace('grey16');
      const file = save(`${compression}.tif`, await picture.tiff({ compression, predictor: 'none' }).toBuffer());
      expect([...(await readLabelMap(file)).data]).toEqual([...ids]);
    },
  );

  const expectation =
    'expected a label map: one grey channel whose values are object ids (16-bit or 8-bit PNG, or TIFF)';

  test.each([
    [
      'a colour picture',
      barePng({ width: 1, depth: 8, type: 2, values: [1, 2, 3] }),
      `is a colour picture; ${expectation}; turn each colour into an id first`,
    ],
    [
      'a palette of greys in another order than their indices',
      barePng({ width: 2, depth: 8, type: 3, values: [0, 1], palette: [9, 9, 9, 0, 0, 0, 4, 4, 4] }),
      `has a colour table in which grey values differ from their indices, so that either could be the ids; ${expectation}; save the ids as grey values`,
    ],
    [
      'negative numbers',
      bareTiff({ width: 2, height: 2, values: Int32Array.of(1, 2, 3, -1) }),
      `has the value -1 at row 1, column 1; ${expectation}; ids are 0, 1, 2, …`,
    ],
    [
      'fractions',
      bareTiff({ width: 2, height: 1, values: Float32Array.of(0, 0.5) }),
      `has the value 0.5 at row 0, column 1; ${expectation}; ids are 0, 1, 2, …`,
    ],
    [
      'a stack',
      bareTiff({ width: 1, height: 1, values: Uint16Array.of(1) }, { width: 1, height: 1, values: Uint16Array.of(2) }),
      'holds 2 images; expected one; save the wanted image as a file of its own',
    ],
  ])('refuses %s', async (name, bytes, message) => {
    const file = save(name, bytes);
    expect(await refusal(() => readLabelMap(file))).toEqual([DataError, `${file} ${message}`]);
  });

  test('takes the index of a colour table for the id', async () => {
    const palette = [0, 0, 0, 255, 0, 0, 0, 255, 0];
    const bytes = barePng({ width: 4, depth: 8, type: 3, values: [0, 2, 1, 2], palette });
    expect([...(await readLabelMap(save('indices.png', bytes))).data]).toEqual([0, 2, 1, 2]);
  });

  test('a float label map with NaN and infinite pixels has background there, and says so', async () => {
    const values = Float32Array.of(NaN, 3, Infinity, 0);
    const file = save('nan.tif', bareTiff({ width: 2, height: 2, values }));
    const { data, notes } = await readLabelMap(file);
    expect([...data]).toEqual([0, 3, 0, 0]);
    expect(notes).toEqual([`${file}: 2 pixels are not finite numbers (NaN or infinite) and count as background`]);
  });

  test.each([
    [255, barePng({ width: 5, depth: 8, type: 0, values: [255, 0, 255, 0, 7] }), 8],
    [65_535, barePng({ width: 5, depth: 16, type: 0, values: [65_535, 0, 65_535, 0, 7] }), 16],
  ])('warns of ids that were cut to %d', async (greatest, bytes, bits) => {
    const file = save(`cut-${greatest}.png`, bytes);
    expect((await readLabelMap(file)).notes).toEqual([
      `${file}: id ${greatest}, the greatest of ${bits} bits, is in 2 regions: greater ids may have been cut to it, and count as one object; export with more bits`,
    ]);
  });

  test('does not warn of an id 255 in one region', async () => {
    const bytes = barePng({ width: 5, depth: 8, type: 0, values: [255, 255, 0, 0, 7] });
    expect((await readLabelMap(save('whole.png', bytes))).notes).toBeUndefined();
  });

  test('accepts several channels that are equal, and refuses those that differ', async () => {
    const three = (values: number[]): Buffer => barePng({ width: 2, depth: 8, type: 2, values });
    expect([...(await readLabelMap(save('equal.png', three([4, 4, 4, 0, 0, 0])))).data]).toEqual([4, 0]);
    const file = save('differ.tif', bareTiff({ width: 1, height: 1, values: Uint16Array.of(1, 2) }));
    expect(await refusal(() => readLabelMap(file))).toEqual([
      DataError,
      `${file} has 2 channels that differ; ${expectation}; save the channel that holds the ids alone`,
    ]);
  });

  test('refuses a picture that was compressed with loss', async () => {
    const raw = { width: 8, height: 8, channels: 1 } as const;
    const file = save('lossy.jpg', await sharp(Buffer.alloc(64, 7), { raw }).toColourspace('b-w').jpeg().toBuffer());
    expect(await refusal(() => readLabelMap(file))).toEqual([
      DataError,
      `${file} is compressed with JPEG, with loss, which changes ids; ${expectation}; export it again without loss`,
    ]);
  });
});

describe('readLabelMap, where 8 bits may have lost ids', () => {
  /** A row with the ids 1 to `last` and then `more`, each beside background. */
  const row = (last: number, more: readonly number[]): number[] => [
    ...Array.from({ length: last }, (_, index) => [index + 1, 0]).flat(),
    ...more.flatMap((id) => [id, 0]),
  ];
  const saved = (name: string, values: readonly number[], depth: 8 | 16 = 8): string => {
    writeFileSync(path(name), barePng({ width: values.length, depth, type: 0, values }));
    return path(name);
  };
  const expectation =
    'expected a label map: one grey channel whose values are object ids (16-bit or 8-bit PNG, or TIFF)';

  test('refuses ids that were cut at 255', async () => {
    const file = saved('cut.png', row(254, [255, 255]));
    expect(await refusal(() => readLabelMap(file))).toEqual([
      DataError,
      `${file} has every id up to 255 and 255 in 2 regions: greater ids were cut to 8 bits; ${expectation}; export it again with 16 bits`,
    ]);
  });

  test('refuses a black-and-white mask of several objects', async () => {
    const file = saved('white.png', row(0, [255, 255, 255]));
    expect(await refusal(() => readLabelMap(file))).toEqual([
      DataError,
      `${file} holds only 0 and 255, in 3 regions: a black-and-white mask; ${expectation}; number the objects first`,
    ]);
  });

  test.each([
    ['255 objects', row(255, []), 8],
    ['a last object in two parts, with 16 bits', row(254, [255, 255]), 16],
    ['gaps below 255', row(253, [255, 255]), 8],
    ['one white object', row(0, [255]), 8],
  ] as const)('accepts %s', async (name, values, depth) => {
    expect([...(await readLabelMap(saved(`${name}.png`, values, depth))).data]).toEqual([...values]);
  });
});

describeWithPython(['tifffile', 'numpy'], (python) => {
  test('tifffile reads our 32-bit TIFF, and we read what it writes', async () => {
    const labels = labelMap(2, 3, [0, 1, 65536, 4294967295, 5, 0]);
    await writeLabelMap(path('ours.tif'), labels);
    const back = python(
      `import sys, json, tifffile
a = tifffile.imread(sys.argv[1]); tifffile.imwrite(sys.argv[2], a, byteorder='>')
print(json.dumps([a.dtype.str, a.tolist()]))`,
      path('ours.tif'),
      path('theirs.tif'),
    );
    expect(back).toEqual([
      '<u4',
      [
        [0, 1, 65536],
        [4294967295, 5, 0],
      ],
    ]);
    expect(await readLabelMap(path('theirs.tif'))).toEqual(labels);
  });
});
