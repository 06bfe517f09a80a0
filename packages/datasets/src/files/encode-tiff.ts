import { deflateSync } from 'node:zlib';
import type { LabelMap } from '@pffnet/structures';

const short = 3;
const long = 4;

/**
 * A label map as a TIFF file: one strip of unsigned 32-bit integers, little-endian, Deflate.
 * @remarks Source: TIFF revision 6.0, sections 2, 3 and 8. Written here because sharp has no 32-bit output and geotiff's
 * writer adds a map projection.
 */
export function encodeTiff({ height, width, data }: LabelMap): Uint8Array {
  const strip = deflateSync(littleEndian(data));
  const stripAt = 8;
  const tableAt = stripAt + strip.length + (strip.length % 2); // tables start at even addresses
  const tags: readonly (readonly [tag: number, type: number, value: number])[] = [
    [256, long, width],
    [257, long, height],
    [258, short, 32], // bits per sample
    [259, short, 8], // compression: Deflate
    [262, short, 1], // photometric interpretation: black is zero
    [273, long, stripAt],
    [277, short, 1], // samples per pixel
    [278, long, height], // rows per strip
    [279, long, strip.length],
    [339, short, 1], // sample format: unsigned integer
  ];
  const file = Buffer.alloc(tableAt + 2 + tags.length * 12 + 4);
  file.write('II', 0, 'latin1');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(tableAt, 4);
  strip.copy(file, stripAt);
  let at = file.writeUInt16LE(tags.length, tableAt);
  for (const [tag, type, value] of tags) {
    at = file.writeUInt16LE(tag, at);
    at = file.writeUInt16LE(type, at);
    at = file.writeUInt32LE(1, at);
    at = file.writeUInt32LE(value, at); // a short fills the first two of these four bytes
  }
  return file;
}

function littleEndian(values: Uint32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index++) bytes.setUint32(index * 4, values[index], true);
  return new Uint8Array(bytes.buffer);
}
