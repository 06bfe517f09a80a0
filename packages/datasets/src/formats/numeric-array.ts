import { DataError, type LabelMap } from '@pffnet/structures';
import { type Noted, noted } from '../files/notes.ts';
import { idsOf } from '../files/read-ids.ts';

/** Numbers with a shape, in row-major order: the last index changes fastest. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

export type Numbers =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** The number types that array files hold. */
export type NumberType = 'u1' | 'i1' | 'u2' | 'i2' | 'u4' | 'i4' | 'u8' | 'i8' | 'f4' | 'f8';

/** The most numbers that are taken from one array: 2^27, which is 1 GiB of float64. */
export const mostNumbers = 2 ** 27;

/** Bytes of one number. */
export const widthOf = (type: NumberType): number => Number(type[1]);

/**
 * Reads numbers out of bytes.
 * @param bytes - [count * width] in the byte order given.
 * @returns numbers in the nearest typed array; 64-bit integers as float64.
 * @throws DataError if a 64-bit integer passes 2^53.
 */
export function numbersOf(bytes: Uint8Array, type: NumberType, littleEndian: boolean, path: string): Numbers {
  const width = widthOf(type);
  const count = bytes.length / width;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fill = <T extends Numbers>(numbers: T, read: (at: number) => number): T => {
    for (let index = 0; index < count; index++) numbers[index] = read(index * width);
    return numbers;
  };
  switch (type) {
    case 'u1':
      return Uint8Array.from(bytes);
    case 'i1':
      return Int8Array.from(bytes);
    case 'u2':
      return fill(new Uint16Array(count), (at) => view.getUint16(at, littleEndian));
    case 'i2':
      return fill(new Int16Array(count), (at) => view.getInt16(at, littleEndian));
    case 'u4':
      return fill(new Uint32Array(count), (at) => view.getUint32(at, littleEndian));
    case 'i4':
      return fill(new Int32Array(count), (at) => view.getInt32(at, littleEndian));
    case 'f4':
      return fill(new Float32Array(count), (at) => view.getFloat32(at, littleEndian));
    case 'f8':
      return fill(new Float64Array(count), (at) => view.getFloat64(at, littleEndian));
    case 'u8':
      return fill(new Float64Array(count), (at) => exact(view.getBigUint64(at, littleEndian), path));
    case 'i8':
      return fill(new Float64Array(count), (at) => exact(view.getBigInt64(at, littleEndian), path));
  }
}

function exact(value: bigint, path: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new DataError(`${path} has the value ${value}; expected integers up to 2^53; save it with smaller numbers`);
}

/** Turns column-major numbers, as MATLAB and Fortran store them, into row-major ones. */
export function rowMajor(shape: readonly number[], data: Numbers): Numbers {
  if (shape.filter((length) => length > 1).length < 2) return data;
  const turned = data.slice();
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < data.length; at++) {
    turned[at] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return turned;
}

/**
 * Reads an array as a label map; axes of length 1 are left out, numbers that are not finite are background, with a note.
 * @throws DataError if it has not two axes, is empty, or holds values that are no ids.
 */
export function labelsOfArray({ shape, data }: NumericArray, path: string): LabelMap & Noted {
  const { height, width } = labelSizeOf(shape, path);
  const { ids, notes } = idsOf(data, width, path, 'expected a label map whose values are object ids');
  return { height, width, data: ids, ...noted(notes) };
}

/**
 * The rows and columns of a label map from the shape of its array.
 * @throws DataError if there are not two axes, or one is empty.
 */
export function labelSizeOf(shape: readonly number[], path: string): { height: number; width: number } {
  const sides = shape.length > 2 ? shape.filter((length) => length !== 1) : [...shape];
  while (shape.length > 2 && sides.length < 2) sides.push(1);
  if (sides.length !== 2 || sides.some((length) => length === 0)) {
    throw new DataError(
      `${path} has the shape (${shape.join(', ')}); expected rows and columns of object ids; save the label map alone`,
    );
  }
  return { height: sides[0], width: sides[1] };
}
