import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { writeFailure } from '@pffnet/datasets';

/** The process that has a run to itself. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** A holder for people. */
export const nameOf = ({ host, pid }: RunHolder): string => `process ${pid} on ${host}`;

/** Tokens of the locks that this process holds or is acquiring. */
export const aliveHere = new Set<string>();

/** Whether a process of this host that holds a lock lives. */
export function isAlive({ pid, token }: RunHolder): boolean {
  // After a container restarts, a dead process may have had our own number.
  if (pid === process.pid) return aliveHere.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

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
