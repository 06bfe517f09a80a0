import { DataError, InputError } from '@pffnet/tensor-ops/structures';

/**
 * Turns what went wrong while a file was read into one line.
 * @param expectation - what the file should be and how to get such a one.
 * @returns errors that are readable already as they are.
 */
export function unreadableFile(path: string, error: unknown, expectation: string): Error {
  if (error instanceof InputError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DataError(`there is no file ${path}; ${expectation}`, options);
  }
  if (code === 'EISDIR') return new DataError(`${path} is a folder; ${expectation}`, options);
  return new DataError(`cannot read ${path}: ${message.split('\n')[0]}; ${expectation}`, options);
}
