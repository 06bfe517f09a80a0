import { crc32, deflateSync } from 'node:zlib';

/** PNG colour types: 0 grey, 2 colours, 3 palette, 4 grey with alpha, 6 colours with alpha. */
export interface BarePng {
  readonly width: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly type: 0 | 2 | 3 | 4 | 6;
  /** The rows' values, channel by channel; a row of a depth below 8 must fill whole bytes. */
  readonly values: readonly number[];
  /** Red, green, blue of each palette entry. */
  readonly palette?: readonly number[];
}

/** Writes a PNG byte by byte, so that no reader's idea of the format hides in the test. */
export function barePng({ width, depth, type, values, palette }: BarePng): Buffer {
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[type];
  const perRow = width * channels;
  const height = values.length / perRow;
  const rows: number[] = [];
  for (let row = 0; row < height; row++) {
    rows.push(0, ...packed(values.slice(row * perRow, (row + 1) * perRow), depth)); // 0: no filter
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', Buffer.from(palette))]),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function packed(row: readonly number[], depth: number): number[] {
  if (depth === 16) return row.flatMap((value) => [value >> 8, value & 255]);
  const bytes: number[] = [];
  const perByte = 8 / depth;
  for (let at = 0; at < row.length; at += perByte) {
    bytes.push(row.slice(at, at + perByte).reduce((byte, value) => (byte << depth) | value, 0));
  }
  return bytes;
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
