import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { commandLine } from '../src/call.ts';
import { interrupted, pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tinySettings } from './tiny.ts';

const path = temporaryFolder();
const tinyDemo = (out: string): string[] => [
  'demo',
  ...tinySettings,
  ...['--set', 'training.validateEvery=1'],
  ...['--out', path(out)],
];

test('demo leaves a page whose files are all there, metrics, and a run', async () => {
  const { code, out, said } = await pffnet(...tinyDemo('demo'), '--seed', '5');
  expect([code, out]).toEqual([0, '']);
  expect(said[0]).toMatch(
    /^smoke \(paper\) from random weights, seed 5, on .*: 2 steps on \d+ images of synthetic cells$/,
  );
  expect(said.slice(-3)).toEqual([
    expect.stringMatching(/^\d+ images it never saw: AJI .*, Dice .*, F1 .*, PQ .*, after \d+ s$/),
    expect.stringMatching(/^a real image of stained tissue, by the model nuclei-he: \d+ nuclei$/),
    `look at ${path('demo', 'index.html')}`,
  ]);

  const metrics = JSON.parse(readFileSync(path('demo', 'metrics.json'), 'utf8')) as { images: unknown[] };
  const { document } = parseHTML(readFileSync(path('demo', 'index.html'), 'utf8'));
  const linked = [...document.querySelectorAll('img, a')]
    .map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '')
    .filter((target) => !target.startsWith('https://'));
  expect(linked).toHaveLength(metrics.images.length * 4 + 2 + 3);
  for (const file of linked) expect([file, existsSync(path('demo', file))]).toEqual([file, true]);
  const text = document.body.textContent ?? '';
  for (const fact of [/random weights, seed 5/, /2 steps of one 64 x 64 patch/, /pffnet demo .*--seed 5/, /SHA-256/]) {
    expect(text).toMatch(fact);
  }
  // Validation scores, the total, and nine terms.
  expect(document.querySelectorAll('svg')).toHaveLength(2 + 9);

  expect(Object.keys(metrics)).toEqual(['policy', 'images', 'mean', 'std', 'before', 'seconds', 'engine']);
  expect(
    readdirSync(path('demo', 'run'))
      .filter((file) => !file.startsWith('events'))
      .sort(),
  ).toEqual(['checkpoints', 'config.json', 'log.jsonl', 'run.json']);
  expect(await refusal(...tinyDemo('demo'))).toEqual([
    2,
    `pffnet: ${path('demo')}: holds a finished demo; remove it or choose another --out folder`,
  ]);
});

test('an interrupted demo says how to go on, and goes on', async () => {
  const { code, said } = await interrupted(/^step 1 of 2/, ...tinyDemo('stopped'));
  const again = commandLine([...tinyDemo('stopped'), '--resume']);
  expect([code, said.at(-1)]).toEqual([130, `stopped after step 1, saved; go on with: ${again}`]);
  expect(await refusal(...tinyDemo('stopped'))).toEqual([
    2,
    `pffnet: ${path('stopped')}: holds an unfinished demo; add --resume, remove it, or choose another --out folder`,
  ]);
  expect((await refusal(...tinyDemo('stopped'), '--resume', '--seed', '1'))[1]).toMatch(/: seed was 0, now 1; resume/);
  expect((await pffnet(...tinyDemo('stopped'), '--resume')).code).toBe(0);
  expect(existsSync(path('stopped', 'index.html'))).toBe(true);
});
