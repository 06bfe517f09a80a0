import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError, InputError, ShapeError } from '@pffnet/structures';
import writeFileAtomic from 'write-file-atomic';
import { WriteError } from './write-error.ts';

/** The whole content of a file, or its parts one after the other, made while the file is written. Text becomes UTF-8. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/** Puts all content into a file, or fails. */
export type ByteWriter = (path: string, content: Content) => Promise<void>;

/**
 * Writes a file whole or not at all: under a temporary name beside it, synced, then renamed over the old one.
 * @param write - fills the temporary file; the file system by default.
 * @throws DataError if the folder is missing or may not be written, WriteError if the disk is full or fails, and what
 * making the content throws; a file that was there before is then unchanged and nothing temporary stays.
 * @remarks write-file-atomic puts its bytes down in one call and does not look at how many arrived: on a disk that fills
 * up on the way it replaces the old file by a shortened one and reports success. So the temporary file is filled by
 * `fs.writeFile`, which goes on until all is written or fails, and the library syncs, renames and cleans up.
 */
export async function writeAtomically(path: string, content: Content, write: ByteWriter = writeFile): Promise<void> {
  try {
    await writeFileAtomic(path, '', { tmpfileCreated: (temporary) => write(temporary, content) });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** What a person reads when a file or folder could not be written. */
export function writeFailure(path: string, error: unknown): Error {
  if (error instanceof InputError || error instanceof ShapeError) return error; // the content could not be made
  const { code, message } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DataError(`cannot write ${path}: there is no folder ${dirname(path)}; create it first`, options);
    case 'EISDIR':
    case 'ENOTEMPTY':
    case 'EEXIST':
      return new DataError(`cannot write ${path}: a folder has this name; choose another name`, options);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DataError(
        `cannot write ${path}: the folder ${dirname(path)} may not be written; change its permissions or choose another folder`,
        options,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new WriteError(
        `cannot write ${path}: the disk is full; what was saved before is unchanged; free some space and run again`,
        options,
      );
    default:
      return new WriteError(`cannot write ${path}: ${message}; what was saved before is unchanged`, options);
  }
}
