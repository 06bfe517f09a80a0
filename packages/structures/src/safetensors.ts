import { DataError } from './errors.ts';

/** A tensor as plain data, row-major. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array | Int8Array;
}

/** The content of a safetensors file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, PlainTensor>;
  /** Free text by key, as the format defines it. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads a safetensors file.
 * @param bytes - the whole file.
 * @param name - the file's name, for messages.
 * @returns its tensors; F32, F16, BF16 and F64 become Float32Array, I32 and I64 Int32Array, U8 and BOOL Uint8Array,
 * I8 Int8Array. F32, I32, U8, BOOL and I8 are views of `bytes` where they lie aligned, as in files of ours: whoever keeps
 * one keeps the file.
 * @throws DataError if the file is cut short, its header does not describe it, or a type is not one of these.
 * @remarks Source: the format description of huggingface/safetensors.
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'safetensors'): Safetensors {
  const broken = (why: string): DataError => new DataError(`${name}: not a safetensors file (${why}); save it again`);
  if (bytes.byteLength < 8) throw broken(`${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.byteLength) throw broken('its header is cut short');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw broken('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null) throw broken('its header lists no tensors');
  const body = bytes.subarray(8 + headerLength);
  const tensors = new Map<string, PlainTensor>();
  let metadata: Record<string, string> = {};
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') {
      metadata = entry as Record<string, string>;
      continue;
    }
    if (!isHeaderEntry(entry)) throw broken(`tensor ${key} is not described`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const width = BYTES[dtype];
    if (width === undefined) {
      throw new DataError(`${name}: tensor ${key} has type ${dtype}; expected ${Object.keys(BYTES).join(', ')}`);
    }
    const [begin, end] = offsets;
    if (end > body.byteLength) throw broken(`tensor ${key} is cut short`);
    if (end - begin !== width * shape.reduce((a, b) => a * b, 1)) {
      throw broken(`tensor ${key} [${shape.join(', ')}] does not fill its ${end - begin} bytes`);
    }
    tensors.set(key, { shape, data: readNumbers(dtype, alignedTo(width, body.subarray(begin, end))) });
  }
  return { tensors, metadata };
}

/**
 * Writes tensors as a safetensors file: F32, I32, U8 and I8 in the order of the map, header padded to eight bytes.
 * @returns the whole file.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let offset = 0;
  for (const [key, { shape, data }] of tensors) {
    entries.push([key, { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const encoded = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(encoded.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(encoded, 8);
  let at = 8 + headerLength;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function dtypeOf(data: PlainTensor['data']): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof Int8Array ? 'I8' : 'U8';
}

/** Bytes per number of every type that is read. */
const BYTES: Readonly<Record<string, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I32: 4,
  I64: 8,
  U8: 1,
  I8: 1,
  BOOL: 1,
};

function isHeaderEntry(entry: unknown): entry is HeaderEntry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { dtype, shape, data_offsets: offsets } = entry as Partial<Record<keyof HeaderEntry, unknown>>;
  const isSizes = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0);
  return typeof dtype === 'string' && isSizes(shape) && isSizes(offsets) && offsets.length === 2;
}

/** A copy where typed arrays of this width cannot begin. (`slice` would not do: on a Node Buffer it gives a view.) */
function alignedTo(width: number, bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
}

function readNumbers(dtype: string, { buffer, byteOffset, byteLength }: Uint8Array): PlainTensor['data'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case 'F16':
      return halvesToNumbers(new Uint16Array(buffer, byteOffset, byteLength / 2));
    case 'BF16':
      return bf16ToNumbers(new Uint16Array(buffer, byteOffset, byteLength / 2));
    case 'I32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'I64':
      return Int32Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'I8':
      return new Int8Array(buffer, byteOffset, byteLength);
    default:
      return new Uint8Array(buffer, byteOffset, byteLength); // U8 and BOOL
  }
}

/** Such a number is the upper half of a float32. */
function bf16ToNumbers(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

/** By a table of every half there is: weight files hold millions. */
function halvesToNumbers(halves: Uint16Array): Float32Array {
  const table = new Float32Array(2 ** 16).map((_, bits) => halfToNumber(bits));
  const numbers = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index++) numbers[index] = table[halves[index]];
  return numbers;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
