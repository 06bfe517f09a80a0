import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeFailure } from '@pffnet/datasets';
import { ConfigError } from '@pffnet/structures';
import { TrainingError } from './training-error.ts';

/** A sign of life every so many milliseconds. */
const BEAT = 20_000;
/** A holder without a sign of life for so long is taken for dead; a step or a large image may block it for minutes. */
const SILENCE = 15 * 60_000;
/** A lock that has no name in it for so long was left by a crash between making the file and filling it. */
const NAMELESS = 5_000;
/** Between two looks at a lock without a name. */
const LOOK_AGAIN = 50;
/** Less than this ahead is the file system's own inexactness, not a clock that was moved back. */
const AHEAD = 2_000;

/** The process that has a run to itself. */
export interface RunHolder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** Tokens of this process that hold a lock, or are about to. */
const aliveHere = new Set<string>();

/**
 * Runs work that has a run folder to itself, and lets go of the folder however the work ends.
 * @param folder - made if it does not exist.
 * @param work - gets the lock, to ask now and then whether it still holds.
 * @throws ConfigError if another process has the folder.
 * @remarks The lock is a file that only one process can create, on shared folders too. The lock of a process that is dead
 * on this host is taken over at once; that of another host, or of a process that hangs, after 15 minutes without a sign of
 * life. Ages are differences between times that the file system itself gave, so that clocks of hosts need not agree; where
 * its clock was moved back, a lock from the future counts as a sign of life of now. (Locks that know no process numbers
 * would keep a killed run from resuming for as long as a living one may be silent.)
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

/** @returns the living process that has a run folder to itself, or null. */
export async function runHolder(folder: string): Promise<RunHolder | null> {
  const path = lockPath(folder);
  const found = await readHolder(path);
  return found === null || found === 'nameless' || (await isStale(path, found)) ? null : found;
}

/** A run folder held by this process. */
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

  /** @throws TrainingError if the folder was taken over while this process gave no sign of life. */
  assertHeld(): void {
    if (this.#taker === null) return;
    const taker = this.#taker === 'nobody' ? 'somebody removed the lock' : `${nameOf(this.#taker)} took it over`;
    throw new TrainingError(`${this.#path} is not ours any more: ${taker}`);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    aliveHere.delete(this.#holder.token);
    await this.#file.close();
    const current = await readHolder(this.#path);
    if (current !== null && current !== 'nameless' && current.token === this.#holder.token) await rm(this.#path);
  }

  /** Writing, not setting a time, so that the file system's clock marks it; into our own file, whoever has the name now. */
  async #beat(): Promise<void> {
    try {
      await this.#file.write(`${JSON.stringify(this.#holder)}\n`, 0);
      const current = await readHolder(this.#path);
      if (current === 'nameless') return;
      if (current?.token !== this.#holder.token) this.#taker = current ?? 'nobody';
    } catch {
      // The folder cannot be reached for now: the next beat may succeed, and checkpoints will say if it does not.
    }
  }
}

/** Makes the lock's file, once there is none or a stale one alone. */
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

const untold: readonly string[] = ['ENOENT', 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'];

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

/** @returns null where there is no lock; `nameless` where a crash left one empty. */
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

/** Waits for a lock that is just being made to get its name, by our own patience: its file's clock may be moved. */
async function staysNameless(path: string): Promise<boolean> {
  if ((await ageOf(path)) > NAMELESS) return true;
  for (let waited = 0; waited < NAMELESS; waited += LOOK_AGAIN) {
    await wait(LOOK_AGAIN);
    if ((await readHolder(path)) !== 'nameless') return false;
  }
  return true;
}

/**
 * Gives a lock from the future the present's time, so that a dead host's grows old from now on and not only when the clock
 * has come so far again; a living one's is marked at its next beat anyway. Writes the byte that every lock begins with.
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
    // Released meanwhile, or not ours to write: then it stays as it is.
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
 * Milliseconds since a lock's last sign of life, by the clock of its file system; 0 where that cannot be told, for the lock
 * was released meanwhile or nothing can be written beside it.
 */
async function ageOf(path: string): Promise<number> {
  const probe = `${path}.${randomUUID()}`;
  try {
    await writeFile(probe, '');
    return (await stat(probe)).mtimeMs - (await stat(path)).mtimeMs;
  } catch (error) {
    if (untold.includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  } finally {
    await rm(probe, { force: true });
  }
}

/**
 * Removes a stale lock and no other, however many find it at once: only who has made the claim that bears its mark may, and
 * it is still there then, for it goes with its claimant alone. The claim of a claimant that died is removed in the same way.
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

/** @returns what tells this lock from every other, or null if it is not stale. */
async function markOfStale(path: string, holder: RunHolder | 'nameless'): Promise<string | null> {
  if (holder !== 'nameless') return (await isStale(path, holder)) ? holder.token : null;
  const mark = await markOf(path, holder);
  return (await staysNameless(path)) && (await markOf(path, holder)) === mark ? mark : null;
}

/** A lock's token, or where a crash left it without one the number of its file and the time when that was made. */
async function markOf(path: string, holder: RunHolder | 'nameless'): Promise<string> {
  if (holder !== 'nameless') return holder.token;
  try {
    const { ino, mtimeMs } = await stat(path);
    return `nameless-${ino}-${mtimeMs}`;
  } catch {
    return 'released';
  }
}

/** Claims whose claimant died after it removed the lock. They claim nothing any more once a new lock is held. */
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
