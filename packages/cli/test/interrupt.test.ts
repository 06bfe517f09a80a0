import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { compilePffnet, type Ending, spawnPffnet, whenSaid } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();

beforeAll(async () => {
  compilePffnet();
  await writeCells(path('cells'), { count: 3 });
}, 300_000);

/** Runs the command and sends it a signal, or does something else, when it has said something. */
function run(
  args: readonly string[],
  press?: { when: RegExp; signal?: NodeJS.Signals; act?: (child: ChildProcess) => void },
): Promise<Ending> {
  const spawned = spawnPffnet(args);
  if (press !== undefined) {
    whenSaid(spawned, press.when, () => {
      press.act?.(spawned.child);
      if (press.signal !== undefined) spawned.child.kill(press.signal);
    });
  }
  return spawned.ended;
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
