import { readFile } from 'node:fs/promises';
import { constants, inflateSync } from 'node:zlib';
import { DataError, type LabelMap } from '@pffnet/structures';
import type { Noted } from '../files/notes.ts';
import { readFailure } from '../files/read-failure.ts';
import { readHdf5Array } from './hdf5.ts';
import {
  labelsOfArray,
  mostNumbers,
  numbersOf,
  type NumberType,
  type NumericArray,
  rowMajor,
  widthOf,
} from './numeric-array.ts';

const expected = 'expected a MATLAB .mat file of version 5 or later';
const expectation = `${expected}; save it again with save or scipy.io.savemat`;

/**
 * Reads one numeric variable of a MATLAB file: version 5 (also as written by `-v7` and SciPy), compressed or not, either
 * byte order, every numeric class, the real part; version 7.3, which is HDF5.
 * @returns the array in row-major order; logical values as 0 and 1.
 * @throws DataError if the file is missing or damaged, has no such variable, the variable is no array of numbers, or it
 * has more than 2^27 of them. Memory stays below what the declared shape needs, at most 1 GiB of numbers and its copies,
 * whatever the compressed data would grow to.
 * @remarks Source: MathWorks, "MAT-File Format", version 5 chapter.
 */
export async function readMat(path: string, name: string): Promise<NumericArray> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw readFailure(path, error, expected);
  }
  const version = bytes.length < 128 ? 0 : bytes.readUInt16LE(124);
  const order = bytes.toString('latin1', 126, 128);
  if (order === 'IM' && version === 0x0200) return await readVersion73(path, name);
  if (!(order === 'IM' && version === 0x0100) && !(order === 'MI' && version === 0x0001)) {
    throw new DataError(`${path} does not begin as a MATLAB file of version 5 does; ${expectation}`);
  }
  try {
    return readVersion5(bytes, order === 'IM', path, name);
  } catch (error) {
    throw readFailure(path, error, expected);
  }
}

/**
 * Reads one variable of a MATLAB file as a label map, such as `inst_map` of CPM17 and CoNSeP.
 * @throws DataError as {@link readMat} does, and if it has not rows and columns or holds values that are no ids.
 */
export async function readMatLabels(path: string, name: string): Promise<LabelMap & Noted> {
  return labelsOfArray(await readMat(path, name), path);
}

/** HDF5 lists the axes from the slowest to the fastest, MATLAB the other way round; the numbers lie the same. */
async function readVersion73(path: string, name: string): Promise<NumericArray> {
  const { shape, data } = await readHdf5Array(path, name);
  const turned = [...shape].reverse();
  return { shape: turned, data: rowMajor(turned, data) };
}

const compressed = 15;
const matrix = 14;
/** Number types of data elements, by their code. */
const typeOfCode: readonly (NumberType | undefined)[] = [
  undefined, 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'f4', undefined, 'f8', undefined, undefined, 'i8', 'u8',
]; // prettier-ignore
/** Array classes 6 to 15 hold numbers: double, single, and integers of 1 to 8 bytes. */
const classNames = ['', 'a cell array', 'a structure', 'an object', 'text', 'a sparse matrix'];
const firstNumericClass = 6;
const lastNumericClass = 15;

function readVersion5(bytes: Buffer, littleEndian: boolean, path: string, name: string): NumericArray {
  const found: string[] = [];
  for (let at = 128; at + 8 <= bytes.length;) {
    const element = elementAt(bytes, at, littleEndian);
    at = element.end;
    const variable =
      element.type === compressed ? openCompressed(element.bytes, littleEndian) : asVariable(element, littleEndian);
    if (variable === undefined) continue;
    if (variable.name === name) return numericOf(variable, littleEndian, path, name);
    found.push(variable.name);
  }
  throw new DataError(
    `${path} has no variable ${name}; it has ${found.length === 0 ? 'none' : found.slice(0, 5).join(', ')}; ${expectation}`,
  );
}

/** A variable's head, and how to come by its numbers. */
interface Variable {
  readonly name: string;
  readonly arrayClass: number;
  readonly shape: readonly number[];
  /** The bytes after the name: the real part's element. `limit` is the most that may be unpacked. */
  readonly content: (limit: number) => Buffer;
}

/** The most that the head of a variable can take: flags, 31 axes, a name of 63 letters, rounded up. */
const headBytes = 1024;

/** Unpacks the head only, so that nothing grows before its size has been checked. */
function openCompressed(packed: Buffer, littleEndian: boolean): Variable | undefined {
  // A kilobyte unpacks to a megabyte at most.
  const start = inflateSync(packed.subarray(0, headBytes), { finishFlush: constants.Z_SYNC_FLUSH });
  if (start.length < 8) throw new Error('it was cut off');
  const word = (at: number): number => (littleEndian ? start.readUInt32LE(at) : start.readUInt32BE(at));
  if (word(0) !== matrix) return undefined;
  const length = word(4);
  const { end, ...head } = headOf(start.subarray(8), littleEndian);
  return {
    ...head,
    content: (limit) => {
      if (length > limit) throw new Error(`its data unpack to ${length} bytes where ${limit} are enough`);
      return inflateSync(packed, { maxOutputLength: length + 8 }).subarray(8 + end);
    },
  };
}

function asVariable({ type, bytes }: Element, littleEndian: boolean): Variable | undefined {
  if (type !== matrix) return undefined;
  const { end, ...head } = headOf(bytes, littleEndian);
  return { ...head, content: () => bytes.subarray(end) };
}

function headOf(bytes: Buffer, littleEndian: boolean): Omit<Variable, 'content'> & { end: number } {
  const flags = elementAt(bytes, 0, littleEndian);
  const axes = elementAt(bytes, flags.end, littleEndian);
  const name = elementAt(bytes, axes.end, littleEndian);
  if (flags.bytes.length < 4) throw new Error('it was cut off');
  return {
    name: name.bytes.toString('latin1'),
    // The first word of the flags in the file's byte order, its lowest byte.
    arrayClass: flags.bytes[littleEndian ? 0 : 3],
    shape: [...numbersOf(axes.bytes.subarray(0, axes.bytes.length & ~3), 'i4', littleEndian, '')],
    end: name.end,
  };
}

function numericOf(
  { arrayClass, shape, content }: Variable,
  littleEndian: boolean,
  path: string,
  name: string,
): NumericArray {
  if (arrayClass < firstNumericClass || arrayClass > lastNumericClass) {
    const kind = classNames[arrayClass] ?? 'no array of numbers';
    throw new DataError(`${path}: ${name} is ${kind}; expected numbers; save the label map as a matrix`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => length < 0) || count > mostNumbers) {
    throw new DataError(
      `${path}: ${name} has the shape (${shape.join(', ')}); expected at most ${mostNumbers} numbers`,
    );
  }
  // Real and imaginary part of 8 bytes each at most.
  const element = elementAt(content(count * 16 + 2 * headBytes), 0, littleEndian);
  const type = typeOfCode[element.type];
  if (type === undefined) throw new Error(`${name} has data of an unknown type ${element.type}`);
  const bytes = element.bytes.subarray(0, count * widthOf(type));
  if (bytes.length < count * widthOf(type)) throw new Error(`${name} was cut off`);
  return { shape, data: rowMajor(shape, numbersOf(bytes, type, littleEndian, path)) };
}

/** One data element: a tag of type and length, then the data. */
interface Element {
  readonly type: number;
  readonly bytes: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

function elementAt(bytes: Buffer, at: number, littleEndian: boolean): Element {
  if (at + 8 > bytes.length) throw new Error('it was cut off');
  const word = (offset: number): number => (littleEndian ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset));
  const first = word(at);
  // Up to 4 bytes of data may stand in the tag itself; its upper half then tells how many.
  const small = first >>> 16;
  const [type, length, from] = small > 0 ? [first & 0xffff, small, at + 4] : [first, word(at + 4), at + 8];
  if (from + length > bytes.length || (small > 0 && small > 4)) throw new Error('it was cut off');
  // Data are padded to a multiple of 8 bytes, but for compressed ones.
  const end = small > 0 ? at + 8 : from + (type === compressed ? length : Math.ceil(length / 8) * 8);
  return { type, bytes: bytes.subarray(from, from + length), end };
}
