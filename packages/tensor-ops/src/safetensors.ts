import { DataError } from './structures/errors.ts';

/** A tensor as plain data, row-major. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
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
 * @returns its tensors; F32, F16, BF16 and F64 become Float32Array, I32 and I64 Int32Array, U8 and BOOL Uint8Array.
 * @throws DataError if the file is cut short, its header is not JSON, or a type is not one of these.
 * @remarks Source: the format description of huggingface/safetensors.
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'safetensors'): Safetensors {
  const broken = (why: string): DataError => new DataError(`${name}: not a safetensors file (${why}); save it again`);
  if (bytes.byteLength < 8) throw broken(`${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.byteLength) throw broken('its header is cut short');
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))) as Record<string, unknown>;
  } catch {
    throw broken('its header is not JSON');
  }
  const body = bytes.subarray(8 + headerLength);
  const tensors = new Map<string, PlainTensor>();
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') continue;
    const {
      dtype,
      shape,
      data_offsets: [begin, end],
    } = value as HeaderEntry;
    if (end > body.byteLength) throw broken(`tensor ${key} is cut short`);
    // A copy: typed arrays need aligned offsets, and the caller may keep one tensor without keeping the file.
    // (`slice` would not do: on a Node Buffer it gives a view.)
    const copy = new Uint8Array(body.subarray(begin, end));
    tensors.set(key, { shape, data: readNumbers(dtype, copy, `${name}: tensor ${key}`) });
  }
  return { tensors, metadata: (header['__metadata__'] ?? {}) as Record<string, string> };
}

/**
 * Writes tensors as a safetensors file: F32, I32 and U8 in the order of the map, header padded to eight bytes.
 * @returns the whole file.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [key, { shape, data }] of tensors) {
    header[key] = { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
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
  return data instanceof Int32Array ? 'I32' : 'U8';
}

function readNumbers(dtype: string, bytes: Uint8Array, name: string): PlainTensor['data'] {
  const { buffer } = bytes;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'I64':
      return Int32Array.from(new BigInt64Array(buffer), Number);
    case 'U8':
    case 'BOOL':
      return bytes;
    default:
      throw new DataError(`${name} has type ${dtype}; expected F32, F16, BF16, F64, I32, I64, U8 or BOOL`);
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
