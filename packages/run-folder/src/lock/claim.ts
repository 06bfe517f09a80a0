import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isSilent, LOOK_AGAIN, staysNameless } from './clock.ts';
import { createOnly, fill, readHolder } from './lock-file.ts';
import { isAlive, type RunHolder } from './run-holder.ts';

/** Whether a lock may be taken over: its process on this host is dead, or it has been silent for too long. */
export async function isStale(path: string, holder: RunHolder): Promise<boolean> {
  return (holder.host === hostname() && !isAlive(holder)) || (await isSilent(path));
}

/**
 * Removes a stale lock, and only that one, even if several processes try at once. A process first creates the claim, a
 * file named after the lock's mark, which only one process can create. It then removes the lock if that still has the mark
 * (an earlier claimant may have removed it already); while the claim exists, nobody else can remove it between the check and
 * the removal. At the end it removes the claim. The claim of a process that died is removed like a stale lock.
 */
export async function removeStale(path: string, mark: string, claimant: RunHolder): Promise<void> {
  const claim = `${path}.${mark}`;
  const file = await createOnly(claim);
  if (file === null) {
    const other = await readHolder(claim);
    if (other === null) return;
    const left = await markOfStale(claim, other);
    return left === null ? wait(LOOK_AGAIN) : removeStale(claim, left, claimant);
  }
  await fill(claim, file, claimant);
  try {
    const found = await readHolder(path);
    if (found !== null && (await markOf(path, found)) === mark) await rm(path, { force: true });
  } finally {
    await file.close();
    await rm(claim, { force: true });
  }
}

/** @returns the mark that identifies this lock, or null if it is not stale. */
export async function markOfStale(path: string, holder: RunHolder | 'nameless'): Promise<string | null> {
  if (holder !== 'nameless') return (await isStale(path, holder)) ? holder.token : null;
  const mark = await markOf(path, holder);
  return (await staysNameless(path)) && (await markOf(path, holder)) === mark ? mark : null;
}

/** The mark of a lock: its token, or for an empty file its inode number and time. */
async function markOf(path: string, holder: RunHolder | 'nameless'): Promise<string> {
  if (holder !== 'nameless') return holder.token;
  try {
    const { ino, mtimeMs } = await stat(path);
    return `nameless-${ino}-${mtimeMs}`;
  } catch {
    return 'released';
  }
}

/** Removes claims of processes that died after removing the lock. They have no meaning once a new lock is held. */
export async function removeClaims(path: string): Promise<void> {
  const claims = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}.`));
  for (const name of claims) await rm(join(dirname(path), name), { force: true });
}
