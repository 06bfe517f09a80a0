import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '@pffnet/structures';
import { writeFailure } from './write-atomically.ts';

/**
 * Writes a folder whole or not at all: it is filled under a temporary name beside its place, then renamed.
 * @param fill - puts the files into the temporary folder; if it throws, the folder is removed and the error thrown
 * again.
 * @throws DataError if something is there already or the folder above it is missing or may not be written, WriteError
 * if the disk is full or fails.
 */
export async function writeFolderAtomically<Result>(
  path: string,
  fill: (temporary: string) => Promise<Result>,
): Promise<Result> {
  refuseExisting(path);
  const folder = resolve(path);
  const temporary = join(dirname(folder), `.${basename(folder)}.${randomUUID()}`);
  try {
    await mkdir(temporary);
  } catch (error) {
    throw writeFailure(path, error);
  }
  try {
    const result = await fill(temporary);
    refuseExisting(path); // filling takes time; another process may have been here
    await rename(temporary, folder);
    await sync(dirname(folder));
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const failure = (error as NodeJS.ErrnoException).code === undefined ? error : writeFailure(path, error);
    // The temporary name says nothing to the reader, and is gone.
    if (failure instanceof Error) failure.message = failure.message.replaceAll(temporary, path);
    throw failure;
  }
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new DataError(`${path} exists already and is not overwritten; remove it or choose another name`);
}

/** A renamed folder survives a crash of the machine once the folder above it is on disk. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
