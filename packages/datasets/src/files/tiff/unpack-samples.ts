import { UnreadKind } from '../unread-kind.ts';
import type { Samples } from './samples.ts';
import type { TiffLayout } from './tiff-layout.ts';

/** Rows of packed values. */
export interface PackedRows {
  /** Values of 2, 4 and 8 bytes in this machine's byte order. */
  readonly bytes: Uint8Array;
  readonly valuesPerRow: number;
  readonly bytesPerRow: number;
}

/**
 * Reads numbers out of rows of bytes: unsigned and signed integers of 1 to 32 and of 64 bits, floating point of 16, 32
 * and 64 bits. Where bits fill no whole bytes, the greatest bits come first and each row begins with a byte.
 * @returns [rows * valuesPerRow]; a view of the bytes where that is possible.
 * @throws Error if values have another number of bits.
 */
export function unpackSamples(rows: PackedRows, { bits, format }: Pick<TiffLayout, 'bits' | 'format'>): Samples {
  const { bytes } = rows;
  switch (format) {
    case 'floating-point':
      if (bits === 16) return halves(view(bytes, Uint16Array));
      if (bits === 32) return view(bytes, Float32Array);
      if (bits === 64) return view(bytes, Float64Array);
      break;
    case 'signed':
      if (bits === 8) return view(bytes, Int8Array);
      if (bits === 16) return view(bytes, Int16Array);
      if (bits === 32) return view(bytes, Int32Array);
      if (bits === 64) return Float64Array.from(view(bytes, BigInt64Array), Number);
      if (bits >= 1 && bits < 32) return signedBits(rows, bits);
      break;
    case 'unsigned':
      if (bits === 8) return view(bytes, Uint8Array); // never a Buffer, whose slice is no copy
      if (bits === 16) return view(bytes, Uint16Array);
      if (bits === 32) return view(bytes, Uint32Array);
      if (bits === 64) return Float64Array.from(view(bytes, BigUint64Array), Number);
      if (bits >= 1 && bits < 32) return unsignedBits(rows, bits);
  }
  throw new UnreadKind(`holds ${format} values of ${bits} bits, which are not read`, 'save it with 8, 16 or 32 bits');
}

type View<Numbers> = new (buffer: ArrayBufferLike, at: number, length: number) => Numbers;

function view<Numbers>(bytes: Uint8Array, kind: View<Numbers> & { BYTES_PER_ELEMENT: number }): Numbers {
  const width = kind.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  return new kind(aligned.buffer, aligned.byteOffset, aligned.length / width);
}

function unsignedBits({ bytes, valuesPerRow, bytesPerRow }: PackedRows, bits: number): Samples {
  const rows = bytes.length / bytesPerRow;
  const kind = bits < 8 ? Uint8Array : bits < 16 ? Uint16Array : Uint32Array;
  const values = new kind(rows * valuesPerRow);
  const modulus = 2 ** bits;
  for (let row = 0, to = 0; row < rows; row++) {
    let at = row * bytesPerRow;
    let held = 0;
    let left = 0;
    for (let index = 0; index < valuesPerRow; index++) {
      // At most 31 + 7 bits are held, beyond what bitwise operators take.
      for (; left < bits; left += 8) held = (held % 2 ** left) * 256 + bytes[at++];
      left -= bits;
      values[to++] = Math.floor(held / 2 ** left) % modulus;
    }
  }
  return values;
}

function signedBits(rows: PackedRows, bits: number): Samples {
  const half = 2 ** (bits - 1);
  return Int32Array.from(unsignedBits(rows, bits), (value) => (value < half ? value : value - 2 * half));
}

/** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
function halves(words: Uint16Array): Float32Array {
  return Float32Array.from(words, (word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const exponent = (word >> 10) & 31;
    const fraction = (word & 1023) / 1024;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? 2 ** -14 * fraction : 2 ** (exponent - 15) * (1 + fraction));
  });
}
