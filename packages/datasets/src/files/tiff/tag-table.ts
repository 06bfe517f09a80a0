/** Number types of TIFF tags. */
export const short = 3;
export const long = 4;

/** A tag with its value, or with the address of its values where they fill more than four bytes. */
export type TiffTag = readonly [tag: number, type: number, count: number, value: number];

/** The table of one picture, little-endian, its tags in ascending order. Its last four bytes say that no picture follows. */
export function tagTable(tags: readonly TiffTag[]): Buffer {
  const table = Buffer.alloc(2 + tags.length * 12 + 4);
  let at = table.writeUInt16LE(tags.length, 0);
  for (const [tag, type, count, value] of tags) {
    at = table.writeUInt16LE(tag, at);
    at = table.writeUInt16LE(type, at);
    at = table.writeUInt32LE(count, at);
    at = table.writeUInt32LE(value, at);
  }
  return table;
}
