import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@pffnet/structures';
import { TrainingError } from '../training-error.ts';
import { isStale, markOfStale, removeClaims, removeStale } from './claim.ts';
import { BEAT } from './clock.ts';
import { createOnly, fill, readHolder } from './lock-file.ts';
import { aliveHere, nameOf, type RunHolder } from './run-holder.ts';

/**
 * Locks a run folder while work is done in it. The lock is released however the work ends.
 * @param folder - created if it does not exist.
 * @param work - gets the lock, to check from time to time that it is still held.
 * @throws ConfigError if another process holds the lock.
 * @remarks The lock is a file that only one process can create, also on shared folders. It names its process, because
 * otherwise a killed run could not resume before 15 minutes have passed.
 *
 * ```text
 *  free ── create the file ──▶ nameless ── write the holder ──▶ held ── release ──▶ free
 *                                 │                             │ heartbeat every 20 s
 *                                 │                             │
 *                 empty for 5 s   │                             │  its process on this host died,
 *                                 └──────────▶ stale ◀──────────┘  or it was silent for 15 minutes
 *                                                │
 *                                                │ create the claim to this very lock
 *                                                ▼
 *                                             claimed ── remove the lock, then the claim ──▶ free
 * ```
 *
 * Three files: this one holds the lock, `clock.ts` says how old it is, `claim.ts` lets one of many remove a stale one. The
 * age of a heartbeat is the difference of two times that the file system gave, so the clocks of the hosts need not agree.
 * If that clock was set back, a heartbeat may lie in the future; the first process that sees this rewrites the file, and the
 * age counts from then.
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

const lockPath = (folder: string): string => join(folder, 'run.lock');

function heldBy(folder: string, path: string, holder: RunHolder): ConfigError {
  return new ConfigError(
    `${folder}: ${nameOf(holder)} is at work on this run; wait for it or stop it (if it is gone for certain, remove ${path})`,
  );
}
