import { long, short, tagTable, type TiffTag } from '../src/files/tiff/tag-table.ts';

/** One picture of a TIFF file: little-endian, uncompressed, one strip. */
export interface BareTiff {
  readonly width: number;
  readonly height: number;
  /** Values in the file's number type, channel by channel; float arrays are marked as floating point. */
  readonly values: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;
}

/** Writes a TIFF of one or several pictures byte by byte. */
export function bareTiff(...pictures: readonly BareTiff[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let length = 8;
  let pointerAt = 4; // where the next table's address belongs
  const pointers: [at: number, value: number][] = [];
  for (const { width, height, values } of pictures) {
    const strip = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const stripAt = length;
    const channels = values.length / (width * height);
    const bits = values.BYTES_PER_ELEMENT * 8;
    const format = values instanceof Float32Array ? 3 : values instanceof Int32Array ? 2 : 1;
    const bitsAt = stripAt + strip.length;
    const formatsAt = bitsAt + channels * 2;
    const tableAt = formatsAt + channels * 2;
    const perChannel = Buffer.alloc(channels * 4);
    for (let channel = 0; channel < channels; channel++) {
      perChannel.writeUInt16LE(bits, channel * 2);
      perChannel.writeUInt16LE(format, (channels + channel) * 2);
    }
    // Up to two short values stand in the tag itself, more of them elsewhere.
    const shorts = (value: number, address: number): number =>
      channels === 1 ? value : channels === 2 ? value | (value << 16) : address;
    const tags: TiffTag[] = [
      [256, long, 1, width],
      [257, long, 1, height],
      [258, short, channels, shorts(bits, bitsAt)],
      [259, short, 1, 1],
      [262, short, 1, channels < 3 ? 1 : 2],
      [273, long, 1, stripAt],
      [277, short, 1, channels],
      [278, long, 1, height],
      [279, long, 1, strip.length],
      [339, short, channels, shorts(format, formatsAt)],
    ];
    const table = tagTable(tags);
    pointers.push([pointerAt, tableAt]);
    parts.push(strip, perChannel, table);
    length = tableAt + table.length;
    pointerAt = length - 4;
  }
  const file = Buffer.concat(parts);
  for (const [at, value] of pointers) file.writeUInt32LE(value, at);
  return file;
}
