import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { arrayScript, followingScript } from './job-script.ts';
import { resourcesFor } from './resources.ts';
import { readSlurmOptions } from './slurm-options.ts';

const root = mkdtempSync(join(tmpdir(), "pffnet script's "));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const job = { name: 'pffnet-0-1', folder: '/home/me', logs: '/runs/slurm', resources: resourcesFor('small', 'wasm') };
const directivesOf = (script: string): string[] =>
  script.split('\n').flatMap((line) => (line.startsWith('#SBATCH --') ? [line.slice('#SBATCH --'.length)] : []));

describe('arrayScript', () => {
  const array = {
    ...job,
    out: '/runs',
    runs: ['a/b/seed-0', 'a/c/seed-0'],
    atATime: null,
    command: ['pffnet', '--run'],
  };

  test('asks for one task per run, what the preset needs, notice of the time limit, and to be requeued', () => {
    expect(directivesOf(arrayScript({ ...array, options: new Map() }))).toEqual([
      'job-name=pffnet-0-1',
      'chdir="/home/me"',
      'output="/runs/slurm/%A_%a.log"',
      'open-mode=append',
      'ntasks=1',
      'cpus-per-task=4',
      'mem=3G',
      'time=12:00:00',
      'array=0-1',
      'requeue',
      'signal=B:USR1@180',
    ]);
  });

  test('asks for a GPU where the engine is on one, and for so many tasks at a time', () => {
    const resources = resourcesFor('small', 'node-gpu');
    const asked = directivesOf(arrayScript({ ...array, resources, atATime: 8, options: new Map() }));
    expect(asked).toEqual(expect.arrayContaining(['gres=gpu:1', 'array=0-1%8']));
  });

  test('leaves out what the user asks for in the same or in other words', () => {
    const options = readSlurmOptions(['mem-per-cpu=2G', 'time=5']);
    const asked = directivesOf(arrayScript({ ...array, options })).join(' ');
    expect(asked).not.toMatch(/mem=|time=/);
  });
});

describe('followingScript', () => {
  test('waits for jobs to end, however they end', () => {
    const script = followingScript({ ...job, options: new Map(), after: ['7', '9'], command: ['pffnet', 'report'] });
    expect(directivesOf(script)).toContain('dependency=afterany:7:9');
    expect(script).toMatch(/\nexec 'pffnet' 'report'\n$/);
  });
});

describe('a task of the array, as a shell runs it', () => {
  const run = 'cells/b/seed-0';
  const folder = join(root, 'runs', run);
  const file = (name: string): string => join(folder, name);
  const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

  /** A program on the PATH of the task. */
  function program(name: string, body: string): string {
    const path = join(root, name);
    writeFileSync(path, `#!/bin/bash\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  beforeEach(() => {
    rmSync(join(root, 'runs'), { recursive: true, force: true });
    rmSync(join(root, 'requeued'), { force: true });
    program('scontrol', `echo "$@" >'${root.replaceAll("'", String.raw`'\''`)}/requeued'`);
  });

  /** A network that logs one step and then works on until it is told to save, which it reports with an exit code. */
  const network = (code: number): string =>
    program(
      'network',
      `echo "performing $2 on $PFFNET_NUM_THREADS"
       trap 'exit ${code}' TERM
       [ "$1" = one-step ] && echo '{"step":1,"seconds":0.5}' >>"runs/$2/log.jsonl"
       sleep 0.2
       touch "runs/$2/ready"
       while :; do sleep 0.05; done`,
    );

  function begin(command: string[]): { pid: number; ended: Promise<number | null> } {
    const script = join(root, 'job.sh');
    const runs = ['cells/a/seed-0', run];
    const options = new Map<string, string | null>();
    writeFileSync(script, arrayScript({ ...job, out: join(root, 'runs'), runs, atATime: null, options, command }));
    const task = spawn('bash', [script], {
      cwd: root,
      detached: true,
      env: {
        PATH: `${root}:${process.env.PATH}`,
        SLURM_ARRAY_TASK_ID: '1',
        SLURM_JOB_ID: '42',
        SLURM_CPUS_PER_TASK: '3',
      },
    });
    const ended = new Promise<number | null>((resolve) => task.on('close', resolve));
    return { pid: task.pid!, ended };
  }

  async function endedAfter(signal: NodeJS.Signals, command: string[]): Promise<number | null> {
    const task = begin(command);
    while (!existsSync(file('ready'))) await wait(20);
    // Notice of the time limit is for the shell alone; who cancels tells every process of the job.
    process.kill(signal === 'SIGTERM' ? -task.pid : task.pid, signal);
    return task.ended;
  }

  test('performs the run of its number, whose words go to the run’s own log, and ends as it ends', async () => {
    const { ended } = begin([program('fails', 'echo "performing $1 on $PFFNET_NUM_THREADS"; exit 7')]);
    expect(await ended).toBe(7);
    expect(textOf(file('output.log'))).toBe(`performing ${run} on 3\n`);
    expect(existsSync(join(root, 'requeued'))).toBe(false);
  });

  test('warned of the time limit, it has the run saved and queues again', async () => {
    expect(await endedAfter('SIGUSR1', [network(130), 'one-step'])).toBe(0);
    expect(textOf(join(root, 'requeued'))).toBe('requeue 42\n');
    expect(existsSync(file('failure.txt'))).toBe(false);
  });

  test('warned before it made a step, it fails and says why instead of queueing for ever', async () => {
    expect(await endedAfter('SIGUSR1', [network(130), 'no-step'])).toBe(1);
    expect(existsSync(join(root, 'requeued'))).toBe(false);
    expect(textOf(file('failure.txt'))).toMatch(/^Slurm: the time limit came before a step was made; raise it with/);
  });

  test('a run that fails while it saves is not queued again', async () => {
    expect(await endedAfter('SIGUSR1', [network(1), 'one-step'])).toBe(1);
    expect(existsSync(join(root, 'requeued'))).toBe(false);
  });

  test('cancelled, it stays until the run has saved, and does not queue again', async () => {
    expect(await endedAfter('SIGTERM', [network(130), 'one-step'])).toBe(130);
    expect(existsSync(join(root, 'requeued'))).toBe(false);
  });
});
