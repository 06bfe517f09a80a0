import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, DataError, type RgbImage, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import sharp from 'sharp';
import { barePng } from '../../test/bare-png.ts';
import { bareTiff } from '../../test/bare-tiff.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { decodePixels } from './decode-pixels.ts';
import { imageOfPixels, readImage, rgbPixelsOf } from './read-image.ts';
import type { IntensityScaling } from './scale-intensities.ts';
import { writeImage } from './write-image.ts';

const { path } = temporaryFolder();

const save = (name: string, bytes: Buffer): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};

const anyImage: fc.Arbitrary<RgbImage> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: height * width * 3, maxLength: height * width * 3 })
      .map((values) => ({ height, width, data: Float32Array.from(values) })),
  );

describe('writeImage', () => {
  test('rounds, and cuts to 0..255', async () => {
    await writeImage(path('cut.png'), { height: 1, width: 2, data: Float32Array.of(-3, 1.4, 1.6, 254.6, 300, 128) });
    expect([...(await readImage(path('cut.png'))).data]).toEqual([0, 1, 2, 255, 255, 128]);
  });

  test('keeps every whole value', async () => {
    await fc.assert(
      fc.asyncProperty(anyImage, async (image) => {
        await writeImage(path('round.png'), image);
        expect(await readImage(path('round.png'))).toEqual(image);
      }),
      { numRuns: 25 },
    );
  });

  test('refuses an image whose values do not fill it', async () => {
    expect(await refusal(() => writeImage(path('a.png'), { height: 2, width: 2, data: new Float32Array(4) }))).toEqual([
      ShapeError,
      'image: expected 2 x 2 x 3 values and at least one pixel, got 4 values',
    ]);
  });
});

describe('rgbPixelsOf', () => {
  test.each<[string, Buffer, IntensityScaling | undefined, typeof Uint8Array | typeof Float32Array]>([
    ['colours of 8 bits', barePng({ width: 2, depth: 8, type: 2, values: [1, 2, 3, 4, 5, 6] }), undefined, Uint8Array],
    ['grey of 8 bits', barePng({ width: 2, depth: 8, type: 0, values: [7, 200] }), { kind: 'range' }, Uint8Array],
    ['stretched grey', barePng({ width: 2, depth: 8, type: 0, values: [7, 200] }), { kind: 'min-max' }, Float32Array],
    ['grey of 4 bits', barePng({ width: 2, depth: 4, type: 0, values: [7, 9] }), undefined, Float32Array],
    ['grey of 16 bits', barePng({ width: 2, depth: 16, type: 0, values: [257, 65535] }), undefined, Float32Array],
  ])('gives the numbers of imageOfPixels, in bytes where they are whole: %s', async (name, file, scaling, array) => {
    const pixels = await decodePixels(save(`${name}.png`, file));
    const { data, ...rest } = rgbPixelsOf(pixels, name, { scaling });
    const { data: floats, ...same } = imageOfPixels(pixels, name, { scaling });
    expect(data).toBeInstanceOf(array);
    expect([[...data], rest]).toEqual([[...floats], same]);
  });
});

describe('readImage', () => {
  const full = { kind: 'range' } as const;

  test.each([
    ['grey of 8 bits', barePng({ width: 2, depth: 8, type: 0, values: [7, 200] }), [7, 7, 7, 200, 200, 200]],
    [
      'grey of 1 bit',
      barePng({ width: 8, depth: 1, type: 0, values: [0, 1, 0, 0, 0, 0, 0, 0] }),
      [0, 0, 0, 255, 255, 255],
    ],
    ['grey of 16 bits', barePng({ width: 2, depth: 16, type: 0, values: [257, 65535] }), [1, 1, 1, 255, 255, 255]],
    ['colours of 8 bits', barePng({ width: 2, depth: 8, type: 2, values: [1, 2, 3, 4, 5, 6] }), [1, 2, 3, 4, 5, 6]],
    ['colours of 16 bits', barePng({ width: 1, depth: 16, type: 2, values: [257, 514, 65535] }), [1, 2, 255]],
    [
      'a palette',
      barePng({ width: 2, depth: 8, type: 3, values: [1, 0], palette: [1, 2, 3, 4, 5, 6] }),
      [4, 5, 6, 1, 2, 3],
    ],
    ['grey and alpha', barePng({ width: 2, depth: 8, type: 4, values: [9, 0, 8, 255] }), [9, 9, 9, 8, 8, 8]],
    [
      'colours and alpha',
      barePng({ width: 2, depth: 8, type: 6, values: [1, 2, 3, 0, 4, 5, 6, 128] }),
      [1, 2, 3, 4, 5, 6],
    ],
    ['colours and alpha of 16 bits', barePng({ width: 1, depth: 16, type: 6, values: [257, 514, 771, 0] }), [1, 2, 3]],
    ['TIFF colours of 8 bits', bareTiff({ width: 1, height: 1, values: Uint8Array.of(7, 8, 9) }), [7, 8, 9]],
    ['TIFF grey of 16 bits', bareTiff({ width: 1, height: 1, values: Uint16Array.of(514) }), [2, 2, 2]],
    ['TIFF colours of 16 bits', bareTiff({ width: 1, height: 1, values: Uint16Array.of(514, 0, 65535) }), [2, 0, 255]],
    ['TIFF grey of 32 bits', bareTiff({ width: 1, height: 1, values: Uint32Array.of(0xffffffff) }), [255, 255, 255]],
  ])('reads %s', async (name, bytes, values) => {
    const { data } = await readImage(save(name, bytes), { scaling: full });
    expect([...data.subarray(0, values.length)]).toEqual(values);
  });

  test('reads JPEG, grey and colour, near the values written', async () => {
    for (const channels of [1, 3] as const) {
      const raw = { width: 16, height: 16, channels };
      const picture = sharp(Buffer.alloc(256 * channels, 90), { raw });
      const file = save(`near${channels}.jpg`, await picture.jpeg({ quality: 95 }).toBuffer());
      const { height, width, data } = await readImage(file);
      expect([height, width]).toEqual([16, 16]);
      expect(data.every((value) => Math.abs(value - 90) <= 2)).toBe(true);
    }
  });

  test('does not turn an image by its orientation tag', async () => {
    const raw = { width: 4, height: 2, channels: 3 } as const;
    const turned = await sharp(Buffer.alloc(24), { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await readImage(save('turned.jpg', turned))).toMatchObject({ height: 2, width: 4 });
  });

  const ramp = bareTiff({ width: 5, height: 1, values: Uint16Array.of(100, 200, 300, 400, 1100) });

  test.each<[string, IntensityScaling, number[]]>([
    ['the full range', { kind: 'range' }, [100, 200, 300, 400, 1100].map((value) => (value * 255) / 65535)],
    ['least and greatest', { kind: 'min-max' }, [0, 25.5, 51, 76.5, 255]],
    ['percentiles, cut outside', { kind: 'percentile', low: 25, high: 75 }, [0, 0, 127.5, 255, 255]],
    ['percentiles between ranks', { kind: 'percentile', low: 12.5, high: 62.5 }, [0, 63.75, 191.25, 255, 255]],
  ])('scales by %s', async (name, scaling, expected) => {
    const { data } = await readImage(save(`${name}.tif`, ramp), { scaling });
    expected.forEach((value, pixel) => expect(data[pixel * 3]).toBeCloseTo(value, 4));
  });

  test('scales deep files between percentiles 0.1 and 99.9 when nothing is said, 8-bit files not at all', async () => {
    const deep = await readImage(save('ramp.tif', ramp));
    const said = await readImage(save('ramp.tif', ramp), { scaling: { kind: 'percentile', low: 0.1, high: 99.9 } });
    expect(deep).toEqual(said);
    const dim = barePng({ width: 2, depth: 8, type: 0, values: [3, 20] });
    expect([...(await readImage(save('dim.png', dim))).data]).toEqual([3, 3, 3, 20, 20, 20]);
  });

  test('scales all colours alike', async () => {
    const tinted = bareTiff({ width: 1, height: 1, values: Uint16Array.of(0, 1000, 2000) });
    const { data } = await readImage(save('tinted.tif', tinted), { scaling: { kind: 'min-max' } });
    expect([...data]).toEqual([0, 127.5, 255]);
  });

  test('gives zeros for a constant image that is to be stretched', async () => {
    const flat = bareTiff({ width: 2, height: 1, values: Uint16Array.of(700, 700) });
    expect([...(await readImage(save('flat.tif', flat))).data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('reads floating-point images between their limits, and refuses their range', async () => {
    const file = save('float.tif', bareTiff({ width: 3, height: 1, values: Float32Array.of(-1, 0, 1) }));
    const { data } = await readImage(file, { scaling: { kind: 'min-max' } });
    expect([data[0], data[3], data[6]]).toEqual([0, 127.5, 255]);
    expect(await refusal(() => readImage(file, { scaling: full }))).toEqual([
      DataError,
      `${file} holds signed or floating-point numbers, which have no full range; expected unsigned integers; choose the scaling min-max or percentile`,
    ]);
  });

  test('sees a file that was replaced', async () => {
    const file = path('replaced.png');
    for (const value of [10, 20]) {
      await writeImage(file, { height: 1, width: 1, data: Float32Array.of(value, value, value) });
      expect((await readImage(file)).data[0]).toBe(value);
    }
  });

  const expectation = 'expected a PNG, TIFF, JPEG or WebP image';

  test('names a missing file', async () => {
    expect(await refusal(() => readImage(path('none.png')))).toEqual([
      DataError,
      `there is no file ${path('none.png')}; ${expectation}; check the path`,
    ]);
  });

  test('names a folder', async () => {
    mkdirSync(path('folder.png'));
    expect(await refusal(() => readImage(path('folder.png')))).toEqual([
      DataError,
      `${path('folder.png')} is a folder; ${expectation}; name a file in it`,
    ]);
  });

  test.each([
    ['empty', Buffer.alloc(0), 'it is empty'],
    ['text', Buffer.from('no image'), 'Input buffer contains unsupported image format'],
    ['a zip', Buffer.from('PK\x03\x04 and so on'), 'it is a zip archive'],
    ['the start of a TIFF', Buffer.from('II*\0\x08\0\0\0'), 'it refers to byte 10, but ends after 8'],
  ])('says why it cannot read a file that is %s', async (name, bytes, reason) => {
    const file = save(`${name}.png`, bytes);
    expect(await refusal(() => readImage(file))).toEqual([
      DataError,
      `cannot read ${file}: ${reason}; ${expectation}; replace the file`,
    ]);
  });

  test('refuses a file that breaks off', async () => {
    const noise = Array.from({ length: 64 * 64 }, (_, pixel) => (pixel * 7919) % 251);
    const whole = barePng({ width: 64, depth: 8, type: 0, values: noise });
    const file = save('short.png', whole.subarray(0, whole.length / 2));
    const failure = await readImage(file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as Error).message).toMatch(/^cannot read .*short\.png: .*; expected a PNG, .*; replace the file$/);
  });

  test('refuses more channels than colours and alpha', async () => {
    const file = save('five.tif', bareTiff({ width: 2, height: 1, values: new Uint8Array(10) }));
    expect(await refusal(() => readImage(file))).toEqual([
      DataError,
      `${file} has 5 channels (red, green, blue, 4, 5); expected one grey channel or a colour picture; choose the one to read with --channel, from 1 to 5 or by name`,
    ]);
  });

  test.each([[{ kind: 'percentile', low: 0.1, high: 99.9 }], [{ kind: 'min-max' }]] as const)(
    'pixels that are NaN or infinite do not shift the others under %j',
    async (scaling) => {
      const values = Float32Array.from({ length: 400 }, (_, at) => at / 10 - 7);
      const clean = await readImage(save('clean.tif', bareTiff({ width: 20, height: 20, values })), { scaling });
      expect(clean.notes).toBeUndefined();
      for (const [name, bad] of [['nan', NaN], ['plus', Infinity], ['minus', -Infinity]] as const) {
        const wounded = values.slice();
        wounded[200] = bad;
        const file = save(`${name}.tif`, bareTiff({ width: 20, height: 20, values: wounded }));
        const { data, notes } = await readImage(file, { scaling });
        expect(Math.abs(data[600]! - 127.5)).toBeLessThan(1); // the median of a ramp
        expect(notes).toEqual([`${file}: 1 pixel is not a finite number (NaN or infinite) and counts as background`]);
        const others = [...data].map((value, at) => (Math.abs(value - clean.data[at]!)));
        expect(Math.max(...others)).toBeLessThan(0.7); // a rank of 400 is 0.64, and the pixel is in the middle of the ramp itself
      }
    },
  ); // prettier-ignore

  test('an image without any finite number is black', async () => {
    const file = save('none.tif', bareTiff({ width: 2, height: 1, values: Float32Array.of(NaN, Infinity) }));
    const { data, notes } = await readImage(file);
    expect([[...data], notes?.length]).toEqual([[0, 0, 0, 0, 0, 0], 1]);
  });

  test('the same picture with 16 bits, values times 257, is the same image by range', async () => {
    const values = Uint8Array.from({ length: 12 }, (_, at) => (at * 91) % 256);
    const [eight, sixteen] = [values, Uint16Array.from(values, (value) => value * 257)];
    const read = (name: string, deep: Uint8Array | Uint16Array): Promise<RgbImage> =>
      readImage(save(name, bareTiff({ width: 2, height: 2, values: deep })), { scaling: full });
    expect(await read('sixteen.tif', sixteen)).toEqual(await read('eight.tif', eight));
  });

  test('refuses percentiles out of order', async () => {
    const file = save('order.tif', ramp);
    expect(await refusal(() => readImage(file, { scaling: { kind: 'percentile', low: 90, high: 10 } }))).toEqual([
      ConfigError,
      'scaling: expected percentiles 0 <= low < high <= 100, got low 90 and high 10',
    ]);
  });
});
