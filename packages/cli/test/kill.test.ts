import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { resultOf } from './result-of.ts';
import { compilePffnet, type Ending, type Spawned, spawnPffnet, until } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { ownDataset, tinyMatrix, writeOwnDataset } from './tiny-matrix.ts';

// tools/faults/kill-loop.mjs does this at random moments, many times.
const path = temporaryFolder();
const id = 'mine/pffnet/seed-0';

jest.setTimeout(300_000);

const run = (out: string, through: readonly string[] = []): Spawned =>
  spawnPffnet(
    [
      ...['ablate', '--matrix', path('one.json'), '--data', path('data'), '--out', path(out)],
      ...['--backend', 'wasm', '--run', id],
    ],
    through,
  );

/** What is in a run folder below `name`, or nothing. */
const listed = (out: string, ...names: string[]): string[] => {
  const folder = path(out, id, ...names);
  return existsSync(folder) ? readdirSync(folder) : [];
};
const logged = (out: string): boolean =>
  listed(out).includes('log.jsonl') && readFileSync(path(out, id, 'log.jsonl'), 'utf8').includes('\n');
const halfWritten = (out: string): boolean => listed(out, 'checkpoints').some((name) => /\.\d+$/.test(name));

/** Begins the run or goes on with it, and kills it when something holds. */
async function killed(out: string, moment: () => boolean): Promise<Ending> {
  const process_ = run(out);
  await until(moment, process_);
  process_.child.kill('SIGKILL');
  return process_.ended;
}

/** A file is half written for so short that the process is stopped to be sure; else the next checkpoint has its chance. */
async function killedWhileWriting(out: string): Promise<Ending> {
  const process_ = run(out);
  for (;;) {
    await until(() => halfWritten(out), process_);
    process_.child.kill('SIGSTOP');
    await wait(50);
    if (halfWritten(out) || process_.child.exitCode !== null) break;
    process_.child.kill('SIGCONT');
  }
  process_.child.kill('SIGKILL');
  return process_.ended;
}

beforeAll(async () => {
  compilePffnet();
  await writeOwnDataset(path('data', 'mine'));
  writeFileSync(path('one.json'), JSON.stringify({ ...tinyMatrix, datasets: [ownDataset('mine')] }));
  expect((await run('undisturbed').ended).code).toBe(0);
}, 300_000);

describe('a run that is killed', () => {
  // No such signals on Windows.
  const onPosix = platform === 'win32' ? test.skip : test;

  onPosix(
    'in a step, while a checkpoint is written, and while testing, ends with the bits of an undisturbed one',
    async () => {
      expect((await killed('killed', () => logged('killed'))).signal).toBe('SIGKILL');
      expect((await killedWhileWriting('killed')).signal).toBe('SIGKILL');
      expect(halfWritten('killed')).toBe(true);
      const testing = (): boolean => listed('killed', 'predictions').length > 0;
      expect((await killed('killed', testing)).signal).toBe('SIGKILL');
      expect(listed('killed')).not.toContain('metrics.json');
      expect((await run('killed').ended).code).toBe(0);
      expect(resultOf(path('killed', id))).toEqual(resultOf(path('undisturbed', id)));
    },
  );

  const faketime = ['/usr/bin/faketime'].find((file) => existsSync(file));
  (faketime === undefined ? test.skip : test)(
    'goes on after the clock was moved back by a day (skipped: no faketime is installed)',
    async () => {
      const saved = (): boolean => existsSync(path('clock', id, 'checkpoints', 'last.safetensors'));
      expect((await killed('clock', saved)).signal).toBe('SIGKILL');
      // Seen from the moved clock, and from the file system's, all that was written is from the future.
      const tomorrow = Date.now() / 1000 + 86_400;
      for (const name of readdirSync(path('clock', id), { recursive: true, encoding: 'utf8' })) {
        utimesSync(join(path('clock', id), name), tomorrow, tomorrow);
      }
      const { code } = await run('clock', [faketime ?? '', '-m', '--exclude-monotonic', '-f', '-1d']).ended;
      expect(code).toBe(0);
      const starts = listed('clock').flatMap((name) => /^events\.out\.tfevents\.(\d+)/.exec(name)?.[1] ?? []);
      expect(starts).toHaveLength(2);
      expect(Math.abs(Number(starts[0]) - Number(starts[1]))).toBeGreaterThan(80_000);
      expect(resultOf(path('clock', id))).toEqual(resultOf(path('undisturbed', id)));
    },
  );
});
