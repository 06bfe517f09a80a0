import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { resolveConfig } from '@pffnet/families';
import { ConfigError } from '@pffnet/structures';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { type RunFacts, RunFolder } from './run-folder.ts';

const path = temporaryFolder();
const smoke = resolveConfig({ base: 'smoke', source: 'a test' });
const facts: RunFacts = {
  commit: null,
  versions: { node: process.version },
  engine: 'none',
  command: 'a test',
  data: { folder: 'nowhere', hash: '0', train: ['a'], validation: [], test: [] },
};

describe('RunFolder', () => {
  test('writes what the run is made of, and opens it again', async () => {
    await RunFolder.create(path('new', 'run'), smoke, facts);
    expect(JSON.parse(readFileSync(path('new', 'run', 'run.json'), 'utf8'))).toEqual(facts);
    const { run, config } = await RunFolder.open(path('new', 'run'));
    expect(config).toEqual(smoke);
    expect(run.path).toBe(path('new', 'run'));
    // Nothing temporary stays.
    expect(readdirSync(path('new', 'run')).sort()).toEqual(['checkpoints', 'config.json', 'run.json']);
  });

  test('does not overwrite a run', async () => {
    await RunFolder.create(path('old'), smoke, facts);
    const again = RunFolder.create(path('old'), { ...smoke, seed: 9 }, facts);
    await expect(again).rejects.toThrow(
      new ConfigError(
        `${path('old')}: holds a run already; add --resume to continue it or choose another --out folder`,
      ),
    );
    expect((await RunFolder.open(path('old'))).config.seed).toBe(smoke.seed);
  });

  test('begins in a folder whose earlier start ended before it was a run', async () => {
    mkdirSync(path('half', 'checkpoints'), { recursive: true });
    writeFileSync(path('half', 'run.json'), '{');
    await RunFolder.create(path('half'), smoke, facts);
    expect((await RunFolder.open(path('half'))).config).toEqual(smoke);
  });

  test('resumes nothing where there is no run', async () => {
    await expect(RunFolder.open(path('nothing'))).rejects.toThrow(
      new ConfigError(
        `${path('nothing')}: there is no run to resume (no config.json); leave out --resume to begin one`,
      ),
    );
    expect(existsSync(path('nothing'))).toBe(false);
  });

  test.each([
    ['{"preset":', /config\.json: is not JSON \(.+\); choose another --out folder$/],
    ['{"preset": 1}', /config\.json: preset is 1; expected string$/],
  ])('does not resume a run whose config is %s', async (text, message) => {
    mkdirSync(path('spoilt'), { recursive: true });
    writeFileSync(path('spoilt', 'config.json'), text);
    await expect(RunFolder.open(path('spoilt'))).rejects.toThrow(ConfigError);
    await expect(RunFolder.open(path('spoilt'))).rejects.toThrow(message);
  });

  test('does not keep half a checkpoint for every kill while one was written', async () => {
    const { path: folder } = await RunFolder.create(path('killed'), smoke, facts);
    mkdirSync(join(folder, 'predictions'));
    const whole = ['checkpoints/last.safetensors', 'events.out.tfevents.1.pffnet.27', 'predictions/a.png', 'run.lock'];
    const half = ['checkpoints/last.safetensors.123', 'log.jsonl.4294967295', 'metrics.json.7', 'predictions/a.png.8'];
    for (const name of [...whole, ...half]) writeFileSync(join(folder, name), '');
    await RunFolder.removeHalfWritten(folder);
    expect(whole.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    expect(half.filter((name) => existsSync(join(folder, name)))).toEqual([]);
    await RunFolder.removeHalfWritten(path('nothing'));
  });

  test('reads its log up to a line that a crash cut short, and forgets what came after a step', async () => {
    const run = await RunFolder.create(path('logged'), smoke, facts);
    expect(await run.readLog()).toEqual([]);
    for (const step of [1, 2, 3]) await run.log({ step, total: step / 2 });
    appendFileSync(join(run.path, 'log.jsonl'), '{"step":4,"tot');
    const [first, second, third] = await run.readLog();
    expect([first, second, third]).toEqual([1, 2, 3].map((step) => ({ step, total: step / 2 })));
    await run.truncateLog(2);
    await run.log({ step: 3, total: 7 });
    expect(await run.readLog()).toEqual([first, second, { step: 3, total: 7 }]);
  });

  // A file that takes nothing, as on a full disk.
  (platform === 'linux' ? test : test.skip)('a full disk names the log (skipped: no /dev/full)', async () => {
    const run = await RunFolder.create(path('full'), smoke, facts);
    const file = path('full', 'log.jsonl');
    symlinkSync('/dev/full', file);
    await expect(run.log({ step: 1 })).rejects.toMatchObject({
      name: 'WriteError',
      message: `cannot write ${file}: the disk is full; what was saved before is unchanged; free some space and run again`,
    });
  });
});
