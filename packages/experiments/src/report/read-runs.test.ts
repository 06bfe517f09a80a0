import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { presets } from '@pffnet/pffnet';
import { type RunFacts, RunFolder } from '@pffnet/run-folder';
import { finishedRun } from '../../test/finished-run.ts';
import { readRuns } from './read-runs.ts';

let root: string;

const { images } = finishedRun({ aji: { a: 0.5 } });

async function train(name: string, test: readonly string[], steps: number): Promise<RunFolder> {
  const facts: RunFacts = {
    commit: null,
    versions: {},
    engine: 'wasm',
    command: 'pffnet train',
    data: { folder: 'cells', hash: 'abc', train: ['x'], validation: [], test },
  };
  const run = await RunFolder.create(join(root, name), presets.smoke, facts);
  await run.log({ step: steps, kind: 'validation', aji: 0.25 });
  return run;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pffnet-read-runs-'));
  const { iterations } = presets.smoke.training;
  for (const name of ['first', 'second']) {
    await (await train(name, ['a'], iterations)).writeJson('metrics.json', { mean: { aji: 0.5 }, images });
  }
  await train('other/untested', [], iterations);
  await train('other/broken-off', [], iterations - 1);
  await train('other/not-yet-tested', ['a'], iterations);
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('readRuns', () => {
  test('takes runs of pffnet train, which were left out: each a network, compared on the same test images', async () => {
    const { finished, untested, unfinished } = await readRuns(root);
    expect(finished.map(({ place: { title, protocolTitle } }) => [title, protocolTitle])).toEqual([
      ['first', 'cells, 1 test image'],
      ['second', 'cells, 1 test image'],
    ]);
    const [first, second] = finished.map(({ place }) => place);
    expect(first?.protocol).toBe(second?.protocol);
    expect(first?.variant).not.toBe(second?.variant);
    expect(untested.map(({ folder }) => folder)).toEqual([join(root, 'other', 'untested')]);
    expect(unfinished).toEqual([
      { folder: join('other', 'broken-off'), state: 'interrupted' },
      { folder: join('other', 'not-yet-tested'), state: 'interrupted' },
    ]);
  });

  test('takes the folder of a single run', async () => {
    const { finished } = await readRuns(join(root, 'first'));
    expect(finished.map(({ place }) => place.title)).toEqual(['first']);
  });
});
