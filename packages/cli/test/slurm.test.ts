import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';

/*
 * Against a real Slurm, whose node is taken down in the midst of a run:
 *
 *   sudo apt-get install slurm-wlm munge
 *   $(node tools/slurm/local-cluster.mjs start)
 *   npm run jest -- packages/cli/test/slurm
 *   node tools/slurm/local-cluster.mjs stop
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../bin/pffnet.js', import.meta.url));
// Before the folder goes, which is asked for the names: a test that fails leaves no watcher and no job behind.
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  if (why !== null || !existsSync(path('slurm', 'slurm'))) return;
  slurm('scancel', '--quiet', `--name=${prefix()}-1,${prefix()}-report`);
});
const path = temporaryFolder();

/** Why these tests cannot run here, or null. Only the cluster of tools/slurm may be disturbed. */
function obstacle(): string | null {
  const conf = process.env.SLURM_CONF;
  if (conf === undefined) return 'no SLURM_CONF; see the head of this file';
  if (!existsSync(conf) || !/^ClusterName=pffnet-test$/m.test(readFileSync(conf, 'utf8'))) {
    return `${conf} is not of tools/slurm/local-cluster.mjs`;
  }
  try {
    slurm('sinfo', '--noheader');
    return null;
  } catch {
    return `the cluster of ${conf} does not answer`;
  }
}

function slurm(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', env: process.env, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

interface Ending {
  readonly code: number | null;
  readonly said: string;
}

interface Running {
  readonly ended: Promise<Ending>;
  said(): string;
  interrupt(): void;
}

function pffnet(...args: string[]): Running {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: process.env });
  children.push(child);
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  return {
    ended: new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, said });
      });
    }),
    said: () => said,
    interrupt: () => void child.kill('SIGINT'),
  };
}

const parentOf = (pid: number): number =>
  Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

const [STEPS, CHECKPOINT] = [60, 20];
const matrix = {
  preset: 'smoke',
  datasets: ['cells'],
  variants: ['pffnet', { name: 'plain', base: 'mask-rcnn', patch: {} }],
  settings: {
    training: { iterations: STEPS, validateEvery: CHECKPOINT, patch: { size: 64 } },
    instanceHead: { proposals: { test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 20 } } },
  },
};
const names = ['pffnet', 'plain'];

const ablate = (out: string, ...more: string[]): Running =>
  pffnet('ablate', '--matrix', path('two.json'), '--out', path(out), '--backend', 'wasm', ...more);
// One thread a run, here as there: sums in the same order.
const alone = (out: string): Running => ablate(out, '--jobs', String(Math.max(2, availableParallelism())));
const onSlurm = (...more: string[]): Running =>
  ablate('slurm', '--executor', 'slurm', '--slurm-option', 'cpus-per-task=1', '--slurm-option', 'time=30', ...more);

const folder = (out: string, name: string): string => path(out, 'cells', name, 'seed-0');
const stepsOf = (name: string): number => {
  const log = `${folder('slurm', name)}/log.jsonl`;
  const steps = existsSync(log) ? readFileSync(log, 'utf8').match(/"step":(\d+),"learningRate"/g) : null;
  return Number(steps?.at(-1)?.match(/\d+/)?.[0] ?? 0);
};
const logOf = (name: string): string => readFileSync(`${folder('slurm', name)}/output.log`, 'utf8');
const startsOf = (name: string): number => logOf(name).match(/from random weights/g)?.length ?? 0;
/** Sorted: Slurm lists tasks by when they were queued again. */
const queue = (format: string): string[] =>
  slurm('squeue', '--noheader', '--array', `--name=${prefix()}-1`, `--format=${format}`).split('\n').sort();
const prefix = (): string => JSON.parse(readFileSync(path('slurm', 'slurm', 'submissions.json'), 'utf8')).prefix;

const why = obstacle();
const onCluster = why === null ? test : test.skip;
jest.setTimeout(400_000);

beforeAll(() => {
  if (why !== null) return;
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'packages/cli/tsconfig.lib.json'], {
    cwd: root,
  });
  writeFileSync(path('two.json'), JSON.stringify(matrix));
}, 300_000);

describe('pffnet ablate --executor slurm', () => {
  test.each([
    [['--slurm-option', 'partition=gpu'], '--slurm-option needs --executor slurm'],
    [
      ['--executor', 'slurm', '--slurm-option', 'array=0-9'],
      '--slurm-option array: pffnet sets it itself; leave it out',
    ],
    [
      ['--executor', 'slrum'],
      "option '--executor <name>' argument 'slrum' is invalid. Allowed choices are local, slurm.",
    ],
  ])('refuses %j in one line, before anything is submitted', async (words, message) => {
    const call = ['ablate', '--matrix', 'ci', '--datasets', 'cells', '--out', path('never'), ...words];
    expect(await refusal(...call)).toEqual([2, `pffnet: ${message}`]);
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe(
  why === null ? 'pffnet ablate on a Slurm cluster' : `pffnet ablate on a Slurm cluster (skipped: ${why})`,
  () => {
    onCluster('a refusal of Slurm is one line, and nothing is left queued', async () => {
      const { code, said } = await ablate('refused', '--executor', 'slurm', '--slurm-option', 'partition=nope').ended;
      expect([code, said]).toEqual([
        2,
        '2 runs, of which 0 finished already\n' +
          'pffnet: sbatch: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified; see --slurm-option\n',
      ]);
    });

    onCluster(
      'runs whose node fails, whose watcher goes away and that reach their time limit end with the bits of undisturbed ones',
      async () => {
        const first = onSlurm();
        await until(() => stepsOf('pffnet') >= 3 && stepsOf('plain') > CHECKPOINT);
        // A node that loses its power: Slurm's own process, the job's shell and the run are gone without a word. The other
        // run is told to end, as on a node that is taken away. Then Slurm learns that the node is down.
        const { pid } = JSON.parse(readFileSync(`${folder('slurm', 'plain')}/run.lock`, 'utf8'));
        for (const gone of [parentOf(parentOf(pid)), parentOf(pid), pid]) process.kill(gone, 'SIGKILL');
        const node = slurm('sinfo', '--noheader', '--format=%n');
        slurm('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=test');
        await until(
          () => queue('%K %T').join() === '0 PENDING,1 PENDING' && logOf('pffnet').includes('stopped, saved'),
        );
        const made = names.map(stepsOf);
        for (const steps of made) expect(steps).toBeLessThan(STEPS);

        // Who watches goes away.
        first.interrupt();
        const { code, said } = await first.ended;
        expect([code, said]).toEqual([130, expect.stringMatching(/the jobs go on without this command/)]);
        expect(said).toMatch(/\nwatch them with: pffnet ablate .*\ncancel them with: scancel --name=pffnet-\w+-1\n$/);

        // The same command again: nothing is submitted twice.
        const jobs = queue('%F_%K');
        const again = onSlurm();
        await until(() => /Slurm job .*: 2 pending/.test(again.said()));
        expect([queue('%F_%K'), jobs.length]).toEqual([jobs, 2]);

        // The node comes back. Notice of the time limit, as Slurm gives it, for a run that has gone on.
        slurm('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
        await until(() => startsOf('pffnet') === 2 && stepsOf('pffnet') > made[0]);
        slurm('scancel', '--batch', '--signal=USR1', jobs[0]);
        await until(() => queue('%K %T %r').includes('0 PENDING BeginTime'));

        const whole = await again.ended;
        expect(whole.said).toContain('2 of 2 runs finished');
        expect(whole.code).toBe(0);
        expect(readFileSync(path('slurm', 'report', 'index.html'), 'utf8')).toContain('SCALED DOWN');
        // `plain` lost the steps since its checkpoint; `pffnet` saved when it was told to end, and when it was warned.
        expect(names.map(startsOf)).toEqual([3, 2]);
        expect(logOf('plain')).not.toContain('stopped, saved');
        expect(logOf('pffnet').match(/stopped, saved/g)).toHaveLength(2);

        expect((await alone('alone').ended).code).toBe(0);
        for (const name of names) {
          for (const file of ['checkpoints/last.safetensors', 'checkpoints/best.safetensors', 'metrics.csv']) {
            const [here, there] = ['alone', 'slurm'].map((out) => readFileSync(`${folder(out, name)}/${file}`));
            expect([name, file, here.equals(there)]).toEqual([name, file, true]);
          }
        }
      },
    );
  },
);
