import { DataError, InputError } from '@pffnet/structures';

/**
 * What to say when a file cannot be read.
 * @param expectation - what it should have been, beginning with `expected`.
 * @returns errors that are one readable line already as they are.
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
