import { cpSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '@pffnet/families';
import { pffnet } from './run-pffnet.ts';
import { compilePffnet, spawnPffnet } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeCells } from './write-data.ts';

// Made by `pffnet ablate` of commit d5e9f38, whose configs had no kind, and stopped at step 8 of 24.
const path = temporaryFolder();
cpSync(fileURLToPath(new URL('run-before-kinds', import.meta.url)), path('before'), { recursive: true });
const run = path('before', 'runs', 'cells', 'pffnet', 'seed-0');
const readJson = (...names: string[]) => JSON.parse(readFileSync(path(...names), 'utf8'));

beforeAll(compilePffnet, 300_000);

describe('a run folder from before configs had a kind', () => {
  test('has a config of the first family, with the defaults of keys that came later', () => {
    const config = parseConfig(readJson('before', 'runs', 'cells', 'pffnet', 'seed-0', 'config.json'), 'config.json');
    expect(config).toMatchObject({
      kind: 'two-stage',
      initialOutputs: 'published',
      training: { precision: 'f32', iterations: 24 },
    });
  });

  test('predicts with its weights', async () => {
    const [{ name }] = await writeCells(path('cells'), { count: 1 });
    const image = path('cells', 'images', `${name}.png`);
    const call = ['predict', '--model', run, '--out', path('predicted'), '--backend', 'wasm', image];
    expect(await pffnet(...call)).toMatchObject({ code: 0 });
    expect(existsSync(path('predicted', `${name}.png`))).toBe(true);
  });

  test('is gone on with, tested and reported', async () => {
    const call = ['ablate', '--matrix', path('before', 'matrix.json'), '--out', path('before', 'runs')];
    const ended = await spawnPffnet([...call, '--backend', 'wasm', '--data', path()]).ended;
    expect(ended).toMatchObject({ code: 0 });
    const steps = readFileSync(path('before', 'runs', 'cells', 'pffnet', 'seed-0', 'log.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('"kind":"validation"'))
      .map((line) => JSON.parse(line).step);
    expect(steps).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(await pffnet('report', path('before', 'runs'), '--out', path('report'))).toMatchObject({ code: 0 });
    expect(readFileSync(path('report', 'index.html'), 'utf8')).toContain('synthetic cells');
  });

  test('is refused under another config, naming the key', async () => {
    cpSync(fileURLToPath(new URL('run-before-kinds', import.meta.url)), path('other'), { recursive: true });
    const call = ['ablate', '--matrix', path('other', 'matrix.json'), '--out', path('other', 'runs')];
    const set = ['--set', 'initialOutputs=informed', '--backend', 'wasm', '--data', path()];
    const { code, said } = await spawnPffnet([...call, ...set]).ended;
    expect(code).toBe(2);
    expect(said).toContain('initialOutputs was "published", now "informed"');
  });
});
