import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { encodePngStrips, type PngShape } from './encode-png-strips.ts';

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

/** Encodes pixels that are all there, and notes which rows were asked for. */
async function encoded(shape: PngShape, pixels: Uint8Array): Promise<{ file: Buffer; asked: [number, number][] }> {
  const asked: [number, number][] = [];
  const rowBytes = pixels.length / shape.height;
  const file = await bytesOf(
    encodePngStrips(shape, (begin, end) => {
      asked.push([begin, end]);
      return pixels.subarray(begin * rowBytes, end * rowBytes);
    }),
  );
  return { file, asked };
}

describe('encodePngStrips', () => {
  test('one red pixel, chunk by chunk', async () => {
    const { file } = await encoded({ height: 1, width: 1, kind: 'rgb8' }, Uint8Array.of(255, 0, 0));
    expect(file.subarray(0, 33).toString('hex')).toBe(
      // signature; 13 bytes of IHDR: 1 x 1, 8 bits, colour type 2; its checksum
      '89504e470d0a1a0a' + '0000000d49484452' + '0000000100000001' + '0802000000' + '907753de',
    );
    expect(file.subarray(-12).toString('hex')).toBe('00000000' + '49454e44' + 'ae426082'); // IEND
  });

  test('another library reads the pixels back', async () => {
    const shapes = fc.record({
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom('rgb8' as const, 'grey16' as const),
    });
    await fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.nat(255)), async (shape, numbers) => {
        const { height, width, kind } = shape;
        const length = height * width * (kind === 'rgb8' ? 3 : 2);
        const pixels = Uint8Array.from(numbers.take(length));
        const { file } = await encoded(shape, pixels);
        if (kind === 'rgb8') {
          expect(new Uint8Array(await sharp(file).raw().toBuffer())).toEqual(pixels);
        } else {
          const read = await sharp(file).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
          expect(new Uint8Array(read.swap16())).toEqual(pixels);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('asks for every row once, in strips of about a mebibyte', async () => {
    const shape: PngShape = { height: 1000, width: 1000, kind: 'rgb8' };
    const pixels = new Uint8Array(3_000_000).map((_, at) => (at * 7) % 251);
    const { file, asked } = await encoded(shape, pixels);
    expect(asked).toEqual([
      [0, 349],
      [349, 698],
      [698, 1000],
    ]);
    expect((await sharp(file).raw().toBuffer()).equals(pixels)).toBe(true);
  });

  test('a row larger than a strip is a strip', async () => {
    const shape: PngShape = { height: 2, width: 600_000, kind: 'grey16' };
    const { asked } = await encoded(shape, new Uint8Array(2_400_000));
    expect(asked).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('throws what making the pixels throws', async () => {
    const parts = encodePngStrips({ height: 1, width: 1, kind: 'rgb8' }, () => {
      throw new Error('no pixels');
    });
    await expect(bytesOf(parts)).rejects.toThrow('no pixels');
  });

  test('whoever stops reading stops the rest', async () => {
    let strips = 0;
    const noise = randomBytes(900_000); // which cannot be compressed
    const parts = encodePngStrips({ height: 50, width: 300_000, kind: 'rgb8' }, () => {
      strips++;
      return noise;
    });
    for await (const part of parts) if (part.length > 1000) break;
    await new Promise((done) => setTimeout(done, 50));
    expect(strips).toBeLessThan(10);
  });
});
