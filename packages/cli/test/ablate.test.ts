import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from './temporary-folder.ts';

// The command as it is installed: runs are processes of their own, on the compiled files.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../bin/pffnet.js', import.meta.url));
const path = temporaryFolder();

/** Two networks on synthetic cells, as small as every branch allows. */
const matrix = {
  preset: 'smoke',
  datasets: ['cells'],
  variants: ['pffnet', { name: 'wild', base: 'mask-rcnn', patch: {} }],
  settings: {
    training: { iterations: 4, validateEvery: 2, patch: { size: 64 } },
    instanceHead: { proposals: { test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 20 } } },
  },
};

// Runs are processes that load an engine each.
jest.setTimeout(300_000);

beforeAll(() => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'packages/cli/tsconfig.lib.json'], {
    cwd: root,
  });
  writeFileSync(path('two.json'), JSON.stringify(matrix));
  const wild = { name: 'wild', base: 'mask-rcnn', patch: { training: { learningRate: 1e30, clipNorm: null } } };
  writeFileSync(path('wild.json'), JSON.stringify({ ...matrix, variants: [wild, 'pffnet'] }));
  writeFileSync(path('typo.json'), JSON.stringify({ ...matrix, settings: { training: { iteration: 4 } } }));
}, 300_000);

interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

function pffnet(args: readonly string[], act?: { when: RegExp; then: (child: ChildProcess) => void }): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, said] = ['', ''];
    let acted = false;
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => {
      said += String(text);
      if (act === undefined || acted || !act.when.test(said)) return;
      acted = true;
      act.then(child);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, out, said });
    });
  });
}

const ablate = (file: string, out: string, ...more: string[]): string[] => [
  'ablate',
  ...['--matrix', path(file), '--out', path(out), '--backend', 'wasm', ...more],
];

describe('pffnet ablate', () => {
  test('a dry run lists runs, time and disk, and begins nothing', async () => {
    const { code, out, said } = await pffnet(ablate('two.json', 'dry', '--dry-run'));
    expect([code, said]).toEqual([0, '']);
    expect(out).toMatch(/^run +steps +time +disk +state\ncells\/pffnet\/seed-0 +4 +\d+ s +\d+ MB +waiting\n/);
    expect(out).toMatch(
      /2 runs to do: about \d+ s one after the other, 0\.1 GB\nestimated from smoke: 0\.26 s per step/,
    );
    expect(existsSync(path('dry'))).toBe(false);
  });

  test('a typo is refused before anything trains', async () => {
    expect(await pffnet(ablate('typo.json', 'typo'))).toEqual({
      code: 2,
      out: '',
      said: `pffnet: matrix ${path('typo.json')}: there is no key training.iteration; did you mean iterations?\n`,
    });
    expect(existsSync(path('typo'))).toBe(false);
  });

  test('interrupted runs are saved; the same command does what is missing, and then nothing', async () => {
    const slow = ['--set', 'training.iterations=12', '--jobs', '2'];
    const stopped = await pffnet(ablate('two.json', 'runs', ...slow), {
      when: /pffnet\/seed-0: step/,
      then: (child) => {
        const look = setInterval(() => {
          if (!existsSync(path('runs', 'cells/pffnet/seed-0/log.jsonl'))) return;
          if (readFileSync(path('runs', 'cells/pffnet/seed-0/log.jsonl'), 'utf8') === '') return;
          clearInterval(look);
          child.kill('SIGTERM');
        }, 10);
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.said).toMatch(/cells\/pffnet\/seed-0: interrupted at step \d+ of 12/);
    expect(stopped.said).toMatch(/\ngo on with: pffnet ablate .*--jobs 2\n$/);
    const whole = await pffnet(ablate('two.json', 'runs', ...slow));
    expect([whole.code, whole.out]).toEqual([0, '']);
    expect(whole.said).toMatch(/^2 runs, of which [0-2] finished already\n/);
    expect(whole.said).toContain('2 of 2 runs finished; a report: pffnet report');
    const again = await pffnet(ablate('two.json', 'runs', ...slow));
    expect([again.code, again.said]).toEqual([
      0,
      expect.stringMatching(/^2 runs, of which 2 finished already\n2 of 2/),
    ]);
    const facts = JSON.parse(readFileSync(path('runs', 'cells/pffnet/seed-0/run.json'), 'utf8'));
    expect(facts.experiment).toEqual({
      variant: 'pffnet',
      title: 'PFFNet',
      protocol: 'cells',
      protocolTitle: 'synthetic cells',
      fold: 'test',
      folds: 1,
      groups: {},
    });
  });

  test('refuses a folder of runs with other settings', async () => {
    const { code, said } = await pffnet(ablate('two.json', 'runs', '--set', 'training.iterations=13'));
    expect([code, said]).toEqual([
      2,
      `pffnet: ${path('runs', 'cells/pffnet/seed-0')}: training.iterations was 12, now 13; ask for the same matrix and settings, or choose another --out folder\n`,
    ]);
  });

  test('a run that fails says why and leaves the others alone; the same command tries it again', async () => {
    const { code, said } = await pffnet(ablate('wild.json', 'wild'));
    expect(code).toBe(1);
    expect(said).toMatch(/cells\/wild\/seed-0: failed at step \d of 4: step \d: .*; nothing was saved yet/);
    expect(said).toMatch(/the end of .*output\.log:\n {2}\| .*from random weights/);
    expect(said).toContain('1 of 2 runs finished');
    expect(existsSync(path('wild', 'cells/pffnet/seed-0/metrics.json'))).toBe(true);
  });

  test('says what is missing of the data', async () => {
    const { code, said } = await pffnet(['ablate', '--matrix', 'table-x', '--out', path('none')]);
    expect([code, said]).toEqual([2, 'pffnet: these runs need --data: the folder that holds tnbc, bbbc039, cvppp\n']);
  });
});
