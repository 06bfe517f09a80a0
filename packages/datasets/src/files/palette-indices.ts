import { crc32 } from 'node:zlib';

const signatureLength = 8;
const header = { at: signatureLength, typeAt: signatureLength + 4, bodyAt: signatureLength + 8, length: 13 };
const grey = 0;

/**
 * A PNG with a colour table as a grey PNG whose values are the indices into that table, which image decoders replace by
 * colours. Both kinds pack their values alike, so that the header is changed and the colours are left out.
 * @param bytes - a PNG of colour type 3, header chunk first as the standard demands.
 * @remarks Source: PNG specification, sections 11.2.1 (IHDR), 11.2.2 (PLTE) and 11.3.1.1 (tRNS).
 */
export function paletteIndices(bytes: Buffer): Buffer {
  const parts = [bytes.subarray(0, signatureLength)];
  for (let at = signatureLength; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') parts.push(greyHeader(bytes));
    else if (type !== 'PLTE' && type !== 'tRNS') parts.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** The colours of a PNG's table: red, green, blue of every entry, 0..255. */
export function paletteColours(bytes: Buffer): number[] {
  for (let at = signatureLength; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'PLTE') return [...bytes.subarray(at + 8, at + 8 + length)];
    at += 12 + length;
  }
  return [];
}

function greyHeader(bytes: Buffer): Buffer {
  const chunk = Buffer.from(bytes.subarray(header.at, header.bodyAt + header.length + 4));
  chunk[header.bodyAt - header.at + 9] = grey; // after width, height and bit depth
  const checked = chunk.subarray(header.typeAt - header.at, -4);
  chunk.writeUInt32BE(crc32(checked), chunk.length - 4);
  return chunk;
}
