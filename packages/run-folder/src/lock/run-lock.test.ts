import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import type { RunHolder } from './run-holder.ts';
import { runHolder, withRunLock } from './run-lock.ts';
import { TrainingError } from '../training-error.ts';

let folder: string;
const lockFile = (): string => join(folder, 'run.lock');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pffnet-lock-'));
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** A lock that somebody else made, the given minutes ago. */
function leave(holder: Partial<RunHolder> | '', minutesAgo = 0): void {
  const content = holder === '' ? '' : JSON.stringify({ host: hostname(), pid: 1, token: 'theirs', ...holder });
  writeFileSync(lockFile(), content);
  const then = new Date(Date.now() - minutesAgo * 60_000);
  utimesSync(lockFile(), then, then);
}

/** The number of a process that has ended. */
const deadProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

const acquired = (): Promise<string> => withRunLock(folder, async () => 'acquired');

describe('withRunLock', () => {
  test('keeps a folder to one holder, and says who that is', async () => {
    await withRunLock(join(folder, 'new'), async () => {
      const second = withRunLock(join(folder, 'new'), async () => 'never');
      await expect(second).rejects.toThrow(
        new ConfigError(
          `${join(folder, 'new')}: process ${process.pid} on ${hostname()} is at work on this run; wait for it or stop it (if it is gone for certain, remove ${join(folder, 'new', 'run.lock')})`,
        ),
      );
      expect(await runHolder(join(folder, 'new'))).toMatchObject({ host: hostname(), pid: process.pid });
    });
  });

  test('gives the result and lets go, after errors too', async () => {
    await expect(
      withRunLock(folder, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect([existsSync(lockFile()), await runHolder(folder), await acquired()]).toEqual([false, null, 'acquired']);
  });

  test.each<[string, () => void]>([
    ['of a dead process of this host', () => leave({ pid: deadProcess() })],
    ['of a dead process that had our number', () => leave({ pid: process.pid })],
    ['of another host that has been silent for 16 minutes', () => leave({ host: 'elsewhere' }, 16)],
    ['of a living process that has been silent for 16 minutes', () => leave({ pid: process.ppid }, 16)],
    ['that a crash left empty', () => leave('', 1)],
  ])('takes over a lock %s', async (_, given) => {
    given();
    expect(await runHolder(folder)).toBeNull();
    expect(await acquired()).toBe('acquired');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['of a living process of this host', () => leave({ pid: process.ppid })],
    ['of another host that gave a sign of life 14 minutes ago', () => leave({ host: 'elsewhere' }, 14)],
    ['from the future: clocks were moved back', () => leave({ host: 'elsewhere' }, -60)],
    ['of a living process from the future', () => leave({ pid: process.ppid }, -60)],
  ])('respects a lock %s', async (_, given) => {
    given();
    const before = readFileSync(lockFile(), 'utf8');
    await expect(acquired()).rejects.toThrow(/is at work on this run/);
    expect([readFileSync(lockFile(), 'utf8'), readdirSync(folder)]).toEqual([before, ['run.lock']]);
  });

  test('waits for a lock that is just being made to get its name, and respects it', async () => {
    leave('');
    const work = acquired();
    await new Promise((resolve) => setTimeout(resolve, 200));
    leave({ pid: process.ppid });
    await expect(work).rejects.toThrow(`process ${process.ppid} on ${hostname()} is at work on this run`);
  });

  test('does not hold a run for ever, nor refuse it, by a lock from the future that a crash left empty', async () => {
    leave('', -60);
    expect(await acquired()).toBe('acquired');
    expect(readdirSync(folder)).toEqual([]);
  }, 30_000);

  test('does not hold a run for ever by a lock from the future of a host that died', async () => {
    leave({ host: 'elsewhere' }, -60 * 24 * 365);
    const before = readFileSync(lockFile(), 'utf8');
    expect(await runHolder(folder)).toMatchObject({ host: 'elsewhere' });
    // From now on it grows old like any other.
    expect(statSync(lockFile()).mtimeMs).toBeLessThan(Date.now() + 60_000);
    expect(readFileSync(lockFile(), 'utf8')).toBe(before);
    const later = new Date(Date.now() - 16 * 60_000);
    utimesSync(lockFile(), later, later);
    expect(await acquired()).toBe('acquired');
  });

  test('of many who find a stale lock, one gets it, and none twice', async () => {
    for (let round = 0; round < 20; round++) {
      leave({ pid: deadProcess(), token: `stale-${round}` });
      let [inside, most] = [0, 0];
      let release = (): void => undefined;
      const everybodyAsked = new Promise<void>((resolve) => (release = resolve));
      const contenders = Array.from({ length: 12 }, () =>
        withRunLock(folder, async () => {
          most = Math.max(most, ++inside);
          await everybodyAsked;
          inside--;
        }).catch((error: unknown) => {
          expect(String(error)).toMatch(/is at work on this run/);
          return 'refused';
        }),
      );
      let refused = 0;
      for (const contender of contenders) {
        void contender.then((outcome) => {
          if (outcome === 'refused' && ++refused === 11) release();
        });
      }
      await Promise.all(contenders);
      expect([most, refused, readdirSync(folder)]).toEqual([1, 11, []]);
    }
  });

  test('a claim to a stale lock does not keep it from others once its claimant died too', async () => {
    leave({ pid: deadProcess() });
    const claim = { host: hostname(), pid: deadProcess(), token: 'claimant' };
    writeFileSync(`${lockFile()}.theirs`, JSON.stringify(claim));
    expect(await acquired()).toBe('acquired');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a claim that outlived its lock is cleared away', async () => {
    writeFileSync(`${lockFile()}.theirs`, '');
    expect(await acquired()).toBe('acquired');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a holder that was taken for dead learns of it, and leaves the new lock alone', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    await withRunLock(folder, async (lock) => {
      lock.assertHeld();
      rmSync(lockFile());
      leave({ host: 'elsewhere', pid: 7 });
      jest.advanceTimersByTime(20_000);
      let error: unknown;
      const giveUp = performance.now() + 4000; // the lock is read by another thread, which may be long in coming
      while (error === undefined && performance.now() < giveUp) {
        await new Promise((resolve) => setImmediate(resolve));
        try {
          lock.assertHeld();
        } catch (thrown) {
          error = thrown;
        }
      }
      expect(error).toEqual(
        new TrainingError(`${lockFile()} is no longer held by this process: process 7 on elsewhere took it over`),
      );
    });
    expect(await runHolder(folder)).toMatchObject({ host: 'elsewhere', pid: 7 });
  });
});
