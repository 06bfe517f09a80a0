import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import { localExecutor } from './local-executor.ts';
import { OUTPUT_LOG, runStatus, tailOf } from './run-status.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'pffnet-executor-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const run = (id: string): PlannedRun => ({ id }) as PlannedRun;

/** A process that does what a run's does, in words of JavaScript; `folder` is the run's. */
const doing =
  (script: string) =>
  ({ id }: PlannedRun): [string, ...string[]] => [
    process.execPath,
    '-e',
    `const { writeFileSync, existsSync, appendFileSync } = require('node:fs'); const folder = ${JSON.stringify(join(out, id))}; const id = ${JSON.stringify(id)}; ${script}`,
  ];

const finish = "writeFileSync(folder + '/metrics.json', JSON.stringify({ mean: { aji: 0.5 } }));";
const onLinux = platform === 'linux' ? test : test.skip;
const statusOf = async (...ids: string[]): Promise<string[]> =>
  Promise.all(ids.map(async (id) => (await runStatus(join(out, id))).kind));

describe('localExecutor', () => {
  test('performs every run once, whose words go to its own log; each has its share of the processors', async () => {
    const command = doing(`console.log(id, process.env.PFFNET_NUM_THREADS); console.error('said'); ${finish}`);
    await localExecutor({ out, jobs: 2, command }).perform(['a', 'b/c', 'd'].map(run), new AbortController().signal);
    expect(await statusOf('a', 'b/c', 'd')).toEqual(['finished', 'finished', 'finished']);
    const threads = Math.max(1, Math.floor(availableParallelism() / 2));
    expect(readFileSync(join(out, 'b/c', OUTPUT_LOG), 'utf8')).toBe(`b/c ${threads}\nsaid\n`);
  });

  test('a run that fails, or a program that does not exist, leaves the others alone', async () => {
    const good = doing(finish);
    const command = (planned: PlannedRun): readonly [string, ...string[]] =>
      planned.id === 'bad'
        ? doing('process.exit(1)')(planned)
        : planned.id === 'none'
          ? ['/no/such/program']
          : good(planned);
    await localExecutor({ out, jobs: 1, command }).perform(
      ['bad', 'none', 'good'].map(run),
      new AbortController().signal,
    );
    expect(await statusOf('bad', 'none', 'good')).toEqual(['waiting', 'waiting', 'finished']);
    expect(await tailOf(join(out, 'none', OUTPUT_LOG))).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('does not lose why a run failed when its folder cannot take a line', async () => {
    const good = doing(finish);
    const command = (planned: PlannedRun): readonly [string, ...string[]] =>
      planned.id === 'full'
        ? doing("process.send('the disk is full', () => process.exit(1));")(planned)
        : good(planned);
    const executor = localExecutor({ out, jobs: 1, command });
    await executor.perform(['full', 'good'].map(run), new AbortController().signal);
    expect([executor.news?.(), await statusOf('good')]).toEqual(['full: the disk is full', ['finished']]);
  });

  test('a run whose folder cannot be made does not end the others', async () => {
    writeFileSync(join(out, 'file'), '');
    const executor = localExecutor({ out, jobs: 1, command: doing(finish) });
    await executor.perform(['file/run', 'good'].map(run), new AbortController().signal);
    expect([executor.news?.(), await statusOf('good')]).toEqual([
      expect.stringMatching(/^file\/run: not begun: ENOTDIR/),
      ['finished'],
    ]);
  });

  onLinux(
    'a program that does not exist and a log on a full disk do not end the others (skipped: no /dev/full)',
    async () => {
      mkdirSync(join(out, 'none'));
      symlinkSync('/dev/full', join(out, 'none', OUTPUT_LOG));
      const good = doing(finish);
      const command = (planned: PlannedRun): readonly [string, ...string[]] =>
        planned.id === 'none' ? ['/no/such/program'] : good(planned);
      const executor = localExecutor({ out, jobs: 1, command });
      await executor.perform(['none', 'good'].map(run), new AbortController().signal);
      expect([executor.news?.(), await statusOf('good')]).toEqual([
        expect.stringMatching(/^none: not begun: ENOSPC/),
        ['finished'],
      ]);
    },
  );

  test('what somebody else finishes is not done again', async () => {
    mkdirSync(join(out, 'theirs'));
    // A run of another process of this host, which finishes while we look on.
    writeFileSync(join(out, 'theirs', 'run.lock'), JSON.stringify({ host: 'elsewhere', pid: 1, token: 't' }));
    setTimeout(() => {
      writeFileSync(join(out, 'theirs', 'metrics.json'), JSON.stringify({ mean: { aji: 1 } }));
    }, 500);
    const command = doing("writeFileSync(folder + '/began', ''); " + finish);
    await localExecutor({ out, jobs: 1, command }).perform(['theirs', 'ours'].map(run), new AbortController().signal);
    expect([existsSync(join(out, 'theirs', 'began')), await statusOf('theirs', 'ours')]).toEqual([
      false,
      ['finished', 'finished'],
    ]);
  });

  test('an abort asks what runs to end, and begins nothing more', async () => {
    const controller = new AbortController();
    const wait = "process.on('SIGTERM', () => { writeFileSync(folder + '/saved', ''); process.exit(130); }); ";
    const command = doing(`${wait} writeFileSync(folder + '/began', ''); setInterval(() => 0, 1000);`);
    const work = localExecutor({ out, jobs: 1, command }).perform(['first', 'second'].map(run), controller.signal);
    while (!existsSync(join(out, 'first', 'began'))) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    await work;
    expect([existsSync(join(out, 'first', 'saved')), existsSync(join(out, 'second'))]).toEqual([true, false]);
  });
});
