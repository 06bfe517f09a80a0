import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, crc32, createDeflate } from 'node:zlib';

/** What a PNG file holds: per pixel red, green and blue in a byte each, or one number of 16 bits. */
export interface PngShape {
  readonly height: number;
  readonly width: number;
  readonly kind: 'rgb8' | 'grey16';
}

/** Bytes of a pixel, bits of a sample, and PNG's number of the colour type. */
const kinds = {
  rgb8: { bytes: 3, bits: 8, colourType: 2 },
  grey16: { bytes: 2, bits: 16, colourType: 0 },
} as const;

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** About as many bytes of pixels are made and compressed at a time. */
const stripBytes = 2 ** 20;

/**
 * Encodes a PNG file of any size while its pixels are made: a strip of rows is in memory at a time.
 * @param rowsOf - the pixels of rows `begin` to `end`, row by row, numbers of 16 bits with the greater byte first.
 * @returns the bytes of the file, part by part.
 * @remarks Source: PNG specification, third edition, chapters 5 and 7 to 11; no filter, as sharp writes by default.
 */
export async function* encodePngStrips(
  { height, width, kind }: PngShape,
  rowsOf: (begin: number, end: number) => Uint8Array | Uint8ClampedArray,
): AsyncGenerator<Uint8Array> {
  const { bytes, bits, colourType } = kinds[kind];
  const rowBytes = width * bytes;
  const rows = Math.max(1, Math.floor(stripBytes / rowBytes));
  const filtered = function* (): Generator<Uint8Array> {
    for (let begin = 0; begin < height; begin += rows) {
      yield withFilterBytes(rowsOf(begin, Math.min(height, begin + rows)), rowBytes);
    }
  };
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, bits);
  header.setUint8(9, colourType);
  yield signature;
  yield chunk('IHDR', new Uint8Array(header.buffer));
  const deflate = createDeflate({ level: constants.Z_DEFAULT_COMPRESSION, chunkSize: 2 ** 16 });
  const compressed = pipeline(Readable.from(filtered()), deflate);
  compressed.catch(() => undefined); // the loop below throws it
  for await (const part of deflate) yield chunk('IDAT', part as Uint8Array);
  await compressed;
  yield chunk('IEND', new Uint8Array(0));
}

/** Every row begins with the number of its filter: 0, none. */
function withFilterBytes(pixels: Uint8Array | Uint8ClampedArray, rowBytes: number): Uint8Array {
  const rows = pixels.length / rowBytes;
  const filtered = new Uint8Array(rows * (rowBytes + 1));
  for (let row = 0; row < rows; row++) {
    filtered.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  }
  return filtered;
}

/** Length, type, data and a checksum of the last two. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
