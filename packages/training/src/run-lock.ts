import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeFailure } from '@pffnet/datasets';
import { ConfigError } from '@pffnet/structures';
import { TrainingError } from './training-error.ts';

/** Milliseconds between two heartbeats. */
const BEAT = 20_000;
/** A holder without a heartbeat for so long counts as dead. It is long because a step or a large image may block it. */
const SILENCE = 15 * 60_000;
/** A lock file that is still empty after so long was left by a crash between creating and writing it. */
const NAMELESS = 5_000;
/** Milliseconds between two looks at an empty lock file. */
const LOOK_AGAIN = 50;
/** A lock file that is newer than now by less than this shows rounding by the file system, not a clock that was set back. */
const AHEAD = 2_000;

/** The process that has a run to itself. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** Tokens of the locks that this process holds or is acquiring. */
const aliveHere = new Set<string>();

/**
 * Locks a run folder while work is done in it. The lock is released however the work ends.
 * @param folder - created if it does not exist.
 * @param work - gets the lock, to check from time to time that it is still held.
 * @throws ConfigError if another process holds the lock.
 * @remarks The lock is a file that only one process can create, also on shared folders. Its holder rewrites it every 20
 * seconds: the heartbeat. A lock is stale, and is taken over, at once if its process on this host is dead, and after 15
 * minutes without a heartbeat if its process is on another host or hangs. The age of a heartbeat is the difference of two
 * times that the file system gave, so the clocks of the hosts need not agree. If that clock was set back, a heartbeat may
 * lie in the future; the first process that sees this rewrites the file, and the age counts from then. The lock names its
 * process, because otherwise a killed run could not resume before 15 minutes have passed.
 */
export async function withRunLock<Result>(folder: string, work: (lock: RunLock) => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true });
  const lock = await RunLock.acquire(folder);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/** @returns the living process that holds the lock of a run folder, or null. */
export async function runHolder(folder: string): Promise<RunHolder | null> {
  const path = lockPath(folder);
  const found = await readHolder(path);
  return found === null || found === 'nameless' || (await isStale(path, found)) ? null : found;
}

/** The lock of a run folder, held by this process. */
export class RunLock {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #holder: RunHolder;
  readonly #timer: NodeJS.Timeout;
  #taker: RunHolder | 'nobody' | null = null;

  private constructor(path: string, file: FileHandle, holder: RunHolder) {
    this.#path = path;
    this.#file = file;
    this.#holder = holder;
    this.#timer = setInterval(() => void this.#beat(), BEAT).unref();
  }

  /** Use {@link withRunLock}. */
  static async acquire(folder: string): Promise<RunLock> {
    const path = lockPath(folder);
    const holder = { host: hostname(), pid: process.pid, token: randomUUID() };
    aliveHere.add(holder.token);
    try {
      return new RunLock(path, await take(folder, path, holder), holder);
    } catch (error) {
      aliveHere.delete(holder.token);
      throw error;
    }
  }

  /** @throws TrainingError if another process took the lock over while this one gave no heartbeat. */
  assertHeld(): void {
    if (this.#taker === null) return;
    const taker = this.#taker === 'nobody' ? 'somebody removed the lock' : `${nameOf(this.#taker)} took it over`;
    throw new TrainingError(`${this.#path} is no longer held by this process: ${taker}`);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    aliveHere.delete(this.#holder.token);
    await this.#file.close();
    const current = await readHolder(this.#path);
    if (current !== null && current !== 'nameless' && current.token === this.#holder.token) await rm(this.#path);
  }

  /**
   * One heartbeat. Writing gives the file a time of the file system's clock, which setting a time would not. It goes to the
   * file that this process opened, even if another process has replaced it under its name.
   */
  async #beat(): Promise<void> {
    try {
      await this.#file.write(`${JSON.stringify(this.#holder)}\n`, 0);
      const current = await readHolder(this.#path);
      if (current === 'nameless') return;
      if (current?.token !== this.#holder.token) this.#taker = current ?? 'nobody';
    } catch {
      // The folder cannot be reached at the moment. The next heartbeat may succeed; if not, saving a checkpoint will fail.
    }
  }
}

/** Creates the lock file as soon as there is none, after removing a stale one. */
async function take(folder: string, path: string, holder: RunHolder): Promise<FileHandle> {
  for (;;) {
    const file = await createOnly(path);
    if (file !== null) {
      await fill(path, file, holder);
      await removeClaims(path);
      return file;
    }
    const other = await readHolder(path);
    if (other === null) continue;
    const mark = await markOfStale(path, other);
    if (mark !== null) await removeStale(path, mark, holder);
    else if (other !== 'nameless') throw heldBy(folder, path, other);
  }
}

/** Errors after which the age of a lock is unknown. */
const unknownAge: readonly string[] = ['ENOENT', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'];

const lockPath = (folder: string): string => join(folder, 'run.lock');

async function createOnly(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

async function fill(path: string, file: FileHandle, holder: RunHolder): Promise<void> {
  try {
    await file.write(`${JSON.stringify(holder)}\n`, 0);
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw writeFailure(path, error);
  }
}

/** @returns null if there is no lock; `nameless` if its file is empty, because it is being written or after a crash. */
async function readHolder(path: string): Promise<RunHolder | 'nameless' | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunHolder;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'nameless';
  }
}

async function isStale(path: string, holder: RunHolder): Promise<boolean> {
  if (holder.host === hostname() && !isAlive(holder)) return true;
  const age = await ageOf(path);
  if (age < -AHEAD) await markNow(path);
  return age > SILENCE;
}

/** Waits until an empty lock file is written. It counts the waiting itself, because the file system's clock may be set. */
async function staysNameless(path: string): Promise<boolean> {
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

function isAlive({ pid, token }: RunHolder): boolean {
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

/**
 * Removes a stale lock, and only that one, even if several processes try at once. A process first creates the claim, a
 * file named after the lock's mark, which only one process can create. It then removes the lock if that still has the mark
 * (an earlier claimant may have removed it already); while the claim exists, nobody else can remove it between the check and
 * the removal. At the end it removes the claim. The claim of a process that died is removed like a stale lock.
 */
async function removeStale(path: string, mark: string, claimant: RunHolder): Promise<void> {
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
async function markOfStale(path: string, holder: RunHolder | 'nameless'): Promise<string | null> {
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
async function removeClaims(path: string): Promise<void> {
  const claims = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}.`));
  for (const name of claims) await rm(join(dirname(path), name), { force: true });
}

const nameOf = ({ host, pid }: RunHolder): string => `process ${pid} on ${host}`;

function heldBy(folder: string, path: string, holder: RunHolder): ConfigError {
  return new ConfigError(
    `${folder}: ${nameOf(holder)} is at work on this run; wait for it or stop it (if it is gone for certain, remove ${path})`,
  );
}
