import { constants } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { DataError, type LabelMap, ShapeError } from '@pffnet/structures';
import type { Noted } from '../files/notes.ts';
import { readFailure } from '../files/read-failure.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import {
  labelsOfArray,
  labelSizeOf,
  mostNumbers,
  numbersOf,
  type Numbers,
  type NumberType,
  type NumericArray,
  rowMajor,
  widthOf,
} from './numeric-array.ts';

/** What the header of an NPY file says. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly type: NumberType;
  readonly littleEndian: boolean;
  /** Whether the first index changes fastest. */
  readonly columnMajor: boolean;
  /** Where the numbers begin. */
  readonly dataAt: number;
}

const magic = '\x93NUMPY';
const longestHeader = 64 * 1024;
const expected = 'expected an NPY array of whole or floating-point numbers';
const expectation = `${expected}; save it again with numpy.save`;

/**
 * Reads the header of an NPY file.
 * @throws DataError if the file is missing or no NPY, holds other things than numbers, or is not as long as its shape says.
 * @remarks Source: NumPy enhancement proposal 1 and numpy.lib.format, versions 1.0, 2.0 and 3.0.
 */
export async function readNpyHeader(path: string): Promise<NpyHeader> {
  return await withFile(path, (file) => headerOf(file, path));
}

/**
 * Reads an NPY array, C or Fortran order, either byte order: bool, integers of 1 to 8 bytes, float32, float64.
 * @returns the array in row-major order; bool as 0 and 1.
 * @throws DataError as {@link readNpyHeader} does, and if it holds more than 2^27 numbers or an integer above 2^53.
 */
export async function readNpy(path: string): Promise<NumericArray> {
  return await withFile(path, async (file) => {
    const header = await headerOf(file, path);
    const numbers = await numbersAt(file, header, 0, count(header.shape), path);
    return { shape: header.shape, data: header.columnMajor ? rowMajor(header.shape, numbers) : numbers };
  });
}

/**
 * Reads one entry along the first axis, so that a stack of images larger than memory can be read one by one.
 * @returns an array of one axis less.
 * @throws DataError as {@link readNpy} does, and if the array is in Fortran order, where an entry is scattered.
 */
export async function readNpyEntry(path: string, index: number): Promise<NumericArray> {
  return await withFile(path, async (file) => {
    const header = await headerOf(file, path);
    if (header.columnMajor) {
      throw new DataError(`${path} is in Fortran order; expected C order; save numpy.ascontiguousarray of it`);
    }
    const [length = 0, ...shape] = header.shape;
    if (index < 0 || index >= length) {
      throw new DataError(`${path} has ${length} entries; there is no entry ${index}; check the number`);
    }
    return { shape, data: await numbersAt(file, header, index * count(shape), count(shape), path) };
  });
}

/**
 * Reads an NPY file as a label map.
 * @throws DataError as {@link readNpy} does, and if it has not rows and columns or holds values that are no ids.
 */
export async function readNpyLabels(path: string): Promise<LabelMap & Noted> {
  const header = await readNpyHeader(path);
  labelSizeOf(header.shape, path); // before the numbers are read
  return labelsOfArray(await readNpy(path), path);
}

/**
 * Writes an array as NPY version 1.0, little-endian, C order, whole or not at all.
 * @throws ShapeError if the numbers do not fill the shape; DataError if the folder cannot be written, WriteError if the
 * disk is full.
 */
export async function writeNpy(path: string, { shape, data }: NumericArray): Promise<void> {
  if (count(shape) !== data.length) {
    throw new ShapeError(`writeNpy: expected ${shape.join(' x ')} numbers, got ${data.length}`);
  }
  const type = typeOf(data);
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const words = `{'descr': '${widthOf(type) === 1 ? '|' : '<'}${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const padded = Math.ceil((words.length + 11) / 64) * 64 - 10; // the numbers start at a multiple of 64
  const header = Buffer.alloc(10 + padded, ' ');
  header.write(magic, 0, 'latin1');
  header.set([1, 0, padded & 255, padded >> 8], 6);
  header.write(words, 10, 'latin1');
  header.write('\n', 9 + padded, 'latin1');
  await writeAtomically(path, Buffer.concat([header, littleEndianBytes(data)]));
}

function typeOf(data: Numbers): NumberType {
  const kind =
    data instanceof Float32Array || data instanceof Float64Array ? 'f' : /^I/.test(data.constructor.name) ? 'i' : 'u';
  return `${kind}${data.BYTES_PER_ELEMENT}` as NumberType;
}

function littleEndianBytes(data: Numbers): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const native = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (native || data.BYTES_PER_ELEMENT === 1) return bytes;
  const copy = Buffer.from(bytes);
  return data.BYTES_PER_ELEMENT === 2 ? copy.swap16() : data.BYTES_PER_ELEMENT === 4 ? copy.swap32() : copy.swap64();
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    return await use(file);
  } catch (error) {
    throw readFailure(path, error, expected);
  } finally {
    await file?.close();
  }
}

async function headerOf(file: FileHandle, path: string): Promise<NpyHeader> {
  const { size } = await file.stat();
  const start = await bytesAt(file, 0, Math.min(size, 12));
  if (start.length < 12 || start.toString('latin1', 0, 6) !== magic) {
    throw new DataError(`${path} does not begin as an NPY file does; ${expectation}`);
  }
  const wide = start[6] > 1; // version 1.0 has two bytes of length, later ones four
  const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8);
  const wordsAt = wide ? 12 : 10;
  if (start[6] < 1 || start[6] > 3 || length > longestHeader || wordsAt + length > size) {
    throw new DataError(`${path} has a header of version ${start[6]} and ${length} bytes; ${expectation}`);
  }
  const words = (await bytesAt(file, wordsAt, length)).toString('utf8');
  const [, order, code] = /'descr':\s*'([<>|=])([biuf]\d)'/.exec(words) ?? [];
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(words) ?? [];
  const [, sides] = /'shape':\s*\(([\d,\sL]*)\)/.exec(words) ?? [];
  const type = code === 'b1' ? 'u1' : code;
  if (!isNumberType(type) || fortran === undefined || sides === undefined) {
    throw new DataError(`${path} holds ${words.trim().slice(0, 80).replaceAll(/\s+/g, ' ')}; ${expectation}`);
  }
  const shape = sides
    .split(',')
    .filter((side) => side.trim() !== '')
    .map((side) => parseInt(side, 10));
  const dataAt = wordsAt + length;
  const bytes = count(shape) * widthOf(type);
  if (size - dataAt !== bytes) {
    throw new DataError(
      `${path} has ${size - dataAt} bytes of numbers, its shape (${shape.join(', ')}) needs ${bytes}; the file was cut off; get it again`,
    );
  }
  return { shape, type, littleEndian: order !== '>', columnMajor: fortran === 'True', dataAt };
}

function isNumberType(code: string | undefined): code is NumberType {
  return code !== undefined && /^([iu][1248]|f[48])$/.test(code);
}

async function numbersAt(
  file: FileHandle,
  header: NpyHeader,
  from: number,
  length: number,
  path: string,
): Promise<Numbers> {
  const width = widthOf(header.type);
  if (length > mostNumbers || length * width > constants.MAX_LENGTH) {
    throw new DataError(
      `${path} asks for ${length} numbers at once; expected at most ${mostNumbers}; save it in parts`,
    );
  }
  const bytes = await bytesAt(file, header.dataAt + from * width, length * width);
  return numbersOf(bytes, header.type, header.littleEndian, path);
}

/** @throws Error if the file ends earlier. */
async function bytesAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, from + filled);
    if (bytesRead === 0) throw new Error(`it ends after ${from + filled} bytes`);
    filled += bytesRead;
  }
  return bytes;
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
