import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { writeCells } from './write-data.ts';

// The command as it is installed: a process of its own, on the compiled files.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../bin/pffnet.js', import.meta.url));
const path = temporaryFolder();

beforeAll(async () => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'packages/cli/tsconfig.lib.json'], {
    cwd: root,
  });
  await writeCells(path('cells'), { count: 3 });
}, 300_000);

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly said: string;
}

/** Runs the command and sends it a signal, or does something else, when it has said something. */
function run(
  args: readonly string[],
  press?: { when: RegExp; signal?: NodeJS.Signals; act?: (child: ChildProcess) => void },
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, said] = ['', ''];
    let pressed = false;
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => {
      said += String(text);
      if (press === undefined || pressed || !press.when.test(said)) return;
      pressed = true;
      press.act?.(child);
      if (press.signal !== undefined) child.kill(press.signal);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, out, said });
    });
  });
}

const train = (out: string): string[] => [
  'train',
  ...tiny(),
  ...['--set', 'training.iterations=6', '--set', 'training.validateEvery=2'],
  ...['--validation', '1', '--data', path('cells'), '--out', path(out)],
];

const weights = (out: string): string =>
  createHash('sha256')
    .update(readFileSync(path(out, 'checkpoints', 'last.safetensors')))
    .digest('hex');

test('Ctrl-C: the run is saved, exit code 130, and --resume ends at the bits of an uninterrupted run', async () => {
  const { code, signal, out, said } = await run(train('parts'), { when: /step 2 of 6/, signal: 'SIGINT' });
  expect([code, signal, out]).toEqual([130, null, '']);
  expect(said).toContain('stopping after this step; press Ctrl-C again to stop without saving\n');
  expect(said).toMatch(
    new RegExp(`\nstopped after step [2-5], saved; go on with: pffnet train .* --out ${path('parts')} --resume\n$`),
  );
  const resumed = await run([...train('parts'), '--resume']);
  expect([resumed.code, resumed.out]).toEqual([0, '']);
  expect((await run(train('whole'))).code).toBe(0);
  expect(weights('parts')).toBe(weights('whole'));
});

test('a request to terminate saves too, as schedulers of clusters make it', async () => {
  const { code, said } = await run(train('terminated'), { when: /step 2 of 6/, signal: 'SIGTERM' });
  expect([code, said]).toEqual([130, expect.stringMatching(/stopped after step [2-5], saved; go on with: /)]);
});

test('a second process on the same run says so and stops; the first goes on', async () => {
  const endless = [...train('shared'), '--set', 'training.iterations=100000'];
  let second: Promise<Ending> | undefined;
  const first = await run(endless, {
    when: /step 2 of/,
    act: (child) => {
      second = run([...endless, '--resume']).finally(() => child.kill('SIGTERM'));
    },
  });
  const { code, said } = (await second) as Ending;
  const inUse = `pffnet: ${path('shared')}: process \\d+ on \\S+ is at work on this run; wait for it or stop it`;
  expect([code, said]).toEqual([2, expect.stringMatching(new RegExp(`^${inUse}`))]);
  expect([first.code, first.said]).toEqual([130, expect.stringContaining(', saved; go on with: ')]);
});

test('errors end the process with their code', async () => {
  const { code, out, said } = await run([
    'predict',
    '--model',
    path('none'),
    '--out',
    path('out'),
    path('cells', 'images'),
  ]);
  expect([code, out, said]).toEqual([
    2,
    '',
    `pffnet: --model ${path('none')}: there is no such run or file; check the path\n`,
  ]);
});
