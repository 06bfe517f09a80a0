import type * as hdf5 from 'h5wasm/node';
import type { Dataset, File, Group } from 'h5wasm/node';
import { access } from 'node:fs/promises';
import { DataError } from '@pffnet/structures';
import { readFailure } from '../files/read-failure.ts';
import { mostNumbers, type Numbers, type NumericArray } from './numeric-array.ts';

const expected = 'expected an HDF5 file';

/** Looks things up in an HDF5 file that is open. */
export interface Hdf5Reader {
  /** The names in a group, in ascending order; none if there is no such group. */
  names(group: string): string[];
  /** @throws DataError if there is no such array, it holds other things than numbers, or too many. */
  array(name: string): NumericArray;
}

/**
 * Opens an HDF5 file, reads from it, and closes it.
 * @throws DataError if the file is missing or damaged, and what `read` throws.
 * @remarks The HDF5 library is loaded with the first such file.
 */
export async function readHdf5<T>(path: string, read: (reader: Hdf5Reader) => T): Promise<T> {
  const library = await loadLibrary();
  let file: File | undefined;
  try {
    await access(path);
    file = new library.File(path, 'r');
    const open = file;
    return read({
      names: (group) => namesOf(open, group),
      array: (name) => arrayOf(open, name, path),
    });
  } catch (error) {
    throw readFailure(path, error, expected);
  } finally {
    closeAnyway(file);
  }
}

/** A damaged file may not close: what was read, or why it could not be, is said all the same. */
function closeAnyway(file: File | undefined): void {
  try {
    file?.close();
  } catch {
    // The library is done with it.
  }
}

/** Reads one array; see {@link readHdf5}. */
export function readHdf5Array(path: string, name: string): Promise<NumericArray> {
  return readHdf5(path, (reader) => reader.array(name));
}

/** Writes an HDF5 file; not atomically, so give it a temporary name. */
export async function fillHdf5(path: string, fill: (root: Group) => void): Promise<void> {
  const library = await loadLibrary();
  const file = new library.File(path, 'w');
  try {
    fill(file);
  } finally {
    file.close();
  }
}

/** 4 MB of WebAssembly: loaded when it is needed, not with this package. */
async function loadLibrary(): Promise<typeof hdf5> {
  const library = await import('h5wasm/node');
  const { activate_throwing_error_handler: throwErrors } = await library.ready;
  throwErrors(); // rather than print them over many lines and go on
  return library;
}

function namesOf(file: File, group: string): string[] {
  const found = file.get(group);
  return found !== null && 'keys' in found ? [...found.keys()].sort() : [];
}

function arrayOf(file: File, name: string, path: string): NumericArray {
  const found = file.get(name);
  if (found === null || !('shape' in found)) {
    throw new DataError(`${path} has no array ${name}; it has ${file.keys().slice(0, 5).join(', ')}; check the file`);
  }
  const dataset = found as Dataset;
  const shape = dataset.shape ?? [];
  const count = shape.reduce((product, length) => product * length, 1);
  if (count > mostNumbers) {
    throw new DataError(
      `${path}: ${name} has the shape (${shape.join(', ')}); expected at most ${mostNumbers} numbers`,
    );
  }
  const value = dataset.value;
  if (typeof value === 'number') return { shape, data: Float64Array.of(value) };
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    return { shape, data: Float64Array.from(value, Number) };
  }
  if (!ArrayBuffer.isView(value) || value instanceof Uint8ClampedArray || value.length !== count) {
    throw new DataError(`${path}: ${name} holds no numbers; expected an array of whole or floating-point numbers`);
  }
  return { shape, data: value as Numbers };
}
