import { randomUUID } from 'node:crypto';
import { open, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { readHolder } from './lock-file.ts';

/** Milliseconds between two heartbeats. */
export const BEAT = 20_000;
/** A holder without a heartbeat for so long counts as dead. It is long because a step or a large image may block it. */
const SILENCE = 15 * 60_000;
/** A lock file that is still empty after so long was left by a crash between creating and writing it. */
const NAMELESS = 5_000;
/** Milliseconds between two looks at an empty lock file. */
export const LOOK_AGAIN = 50;
/** A lock file that is newer than now by less than this shows rounding by the file system, not a clock that was set back. */
const AHEAD = 2_000;

/**
 * Whether a lock's holder has given no heartbeat for so long that it counts as dead. A heartbeat that lies in the future is
 * dated anew.
 */
export async function isSilent(path: string): Promise<boolean> {
  const age = await ageOf(path);
  if (age < -AHEAD) await markNow(path);
  return age > SILENCE;
}

/** Waits until an empty lock file is written. It counts the waiting itself, because the file system's clock may be set. */
export async function staysNameless(path: string): Promise<boolean> {
  if ((await ageOf(path)) > NAMELESS) return true;
  for (let waited = 0; waited < NAMELESS; waited += LOOK_AGAIN) {
    await wait(LOOK_AGAIN);
    if ((await readHolder(path)) !== 'nameless') return false;
  }
  return true;
}

/**
 * Rewrites a lock file whose time lies in the future, so that it has the present time. Otherwise the lock of a dead host
 * would not grow old until the clock has reached that time. It writes the byte that every lock file begins with.
 */
async function markNow(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      await file.write('{', 0);
    } finally {
      await file.close();
    }
  } catch {
    // It was released meanwhile, or this process may not write it: nothing to do.
  }
}

/** Errors after which the age of a lock is unknown. */
const unknownAge: readonly string[] = ['ENOENT', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'];

/**
 * Milliseconds since a lock's last heartbeat, by the clock of its file system.
 * @returns 0 if the age is unknown: the lock was released meanwhile, or no file can be created beside it.
 */
async function ageOf(path: string): Promise<number> {
  const probe = `${path}.${randomUUID()}`;
  try {
    await writeFile(probe, '');
    return (await stat(probe)).mtimeMs - (await stat(path)).mtimeMs;
  } catch (error) {
    if (unknownAge.includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  } finally {
    await rm(probe, { force: true });
  }
}
