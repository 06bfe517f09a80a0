import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { writeFailure } from '@pffnet/datasets';
import type { RunHolder } from './run-holder.ts';

/**
 * Creates a lock file, which only one process can, also on shared folders.
 * @returns null if it exists already.
 */
export async function createOnly(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** Writes who holds a lock into its file; the file is removed if that fails. */
export async function fill(path: string, file: FileHandle, holder: RunHolder): Promise<void> {
  try {
    await file.write(`${JSON.stringify(holder)}\n`, 0);
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw writeFailure(path, error);
  }
}

/** @returns null if there is no lock; `nameless` if its file is empty, because it is being written or after a crash. */
export async function readHolder(path: string): Promise<RunHolder | 'nameless' | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunHolder;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'nameless';
  }
}
