import { DataError, InputError } from '@pffnet/structures';

/**
 * The error to throw when a file cannot be read.
 * @param expectation - what it should have been, beginning with `expected`.
 * @returns an {@link InputError} unchanged; any other error as a DataError of one line.
 */
export function readFailure(path: string, error: unknown, expectation: string): InputError {
  if (error instanceof InputError) return error;
  // Decoders throw plain text, too.
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DataError(`there is no file ${path}; ${expectation}; check the path`, options);
    case 'EISDIR':
      return new DataError(`${path} is a folder; ${expectation}; name a file in it`, options);
    case 'ELOOP':
      return new DataError(`${path} is a symbolic link to itself; ${expectation}; mend the link`, options);
    case 'EACCES':
    case 'EPERM':
      return new DataError(`${path} may not be read; ${expectation}; change its permissions`, options);
    default: {
      const reason = message.split('\n')[0].replace(/\.$/, '');
      return new DataError(`cannot read ${path}: ${reason}; ${expectation}; replace the file`, options);
    }
  }
}
