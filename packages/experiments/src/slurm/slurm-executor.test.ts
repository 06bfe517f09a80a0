import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import { runStatus } from '../runs/run-status.ts';
import { type SlurmCluster, slurmExecutor } from './slurm-executor.ts';
import { readSlurmOptions } from './slurm-options.ts';

/*
 * A Slurm of shell scripts. `sbatch` numbers jobs from 11 and writes down its words; `squeue` shows the file `queue`, then,
 * from look to look, `queue.1`, `queue.2` …, where they exist; in them, NAME stands for the beginning of the jobs' names.
 */
const fakes = {
  sbatch: `echo "sbatch $*" >>"$SLURM_FAKE/calls"
[ -e "$SLURM_FAKE/refusal" ] && { cat "$SLURM_FAKE/refusal" >&2; exit 1; }
number=$((10 + $(grep -c ^sbatch "$SLURM_FAKE/calls")))
echo "$number;cluster"`,
  squeue: `[ -e "$SLURM_FAKE/down" ] && { echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1; }
echo "squeue $*" >>"$SLURM_FAKE/calls"
name=$(sed 's/.*--name=\\(pffnet-[0-9a-f]*\\).*/\\1/' <<<"$*")
sed "s/NAME/$name/" "$SLURM_FAKE/queue"
looks=$(($(cat "$SLURM_FAKE/looks" 2>/dev/null || echo 0) + 1))
echo $looks >"$SLURM_FAKE/looks"
[ -e "$SLURM_FAKE/queue.$looks" ] && cp "$SLURM_FAKE/queue.$looks" "$SLURM_FAKE/queue"; true`,
  scancel: `echo "scancel $*" >>"$SLURM_FAKE/calls"`,
};

let root: string;
let path: string | undefined;
const out = (...names: string[]): string => join(root, 'runs', ...names);
const fake = (name: string, content: string): void => writeFileSync(join(root, name), content);
const calls = (program: string): string[] =>
  (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').split('\n') : []).filter((line) =>
    line.startsWith(program),
  );

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pffnet-slurm-'));
  mkdirSync(join(root, 'bin'));
  for (const [name, body] of Object.entries(fakes)) {
    writeFileSync(join(root, 'bin', name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
  fake('queue', '');
  path = process.env.PATH;
  process.env.PATH = `${join(root, 'bin')}:${path}`;
  process.env.SLURM_FAKE = root;
});
afterEach(() => {
  process.env.PATH = path;
  delete process.env.SLURM_FAKE;
  rmSync(root, { recursive: true, force: true });
});

const run = (id: string, preset = 'smoke') => ({ id, config: { preset } }) as unknown as PlannedRun;
const [a, b, c] = ['cells/a/seed-0', 'cells/b/seed-0', 'cells/c/seed-0'].map((id) => run(id));

function finish({ id }: PlannedRun): void {
  mkdirSync(out(id), { recursive: true });
  writeFileSync(out(id, 'metrics.json'), JSON.stringify({ mean: { aji: 0.5 } }));
}

const executor = (more: Partial<SlurmCluster> = {}) =>
  slurmExecutor({
    out: out(),
    engine: 'wasm',
    options: readSlurmOptions(['partition=cpu']),
    jobs: null,
    command: ['pffnet', '--run'],
    report: ['pffnet', 'report'],
    lookEvery: 5,
    ...more,
  });

const perform = (runs: PlannedRun[], more?: Partial<SlurmCluster>) =>
  executor(more).perform(runs, new AbortController().signal);

const submissions = () => JSON.parse(readFileSync(out('slurm', 'submissions.json'), 'utf8'));

describe('slurmExecutor', () => {
  test('submits an array of the runs, then a report that follows it, and ends with the queue', async () => {
    await perform([a, b]);
    const { prefix, arrays } = submissions();
    expect(arrays).toEqual([{ name: `${prefix}-1`, runs: [a.id, b.id] }]);
    expect(calls('sbatch')).toEqual([
      `sbatch --parsable --partition=cpu ${out('slurm', `${prefix}-1.sh`)}`,
      `sbatch --parsable --partition=cpu ${out('slurm', `${prefix}-report.sh`)}`,
    ]);
    expect(readFileSync(out('slurm', `${prefix}-1.sh`), 'utf8')).toMatch(/#SBATCH --array=0-1\n/);
    expect(readFileSync(out('slurm', `${prefix}-report.sh`), 'utf8')).toMatch(/#SBATCH --dependency=afterany:11\n/);
  });

  test('tells how the queue is while it lasts', async () => {
    const queue = [
      'NAME-1|11|0|RUNNING|None',
      'NAME-1|11|1|PENDING|Resources',
      'NAME-1|11|2|PENDING|Priority',
      'NAME-report|12|N/A|PENDING|Dependency',
    ];
    fake('queue.1', queue.join('\n'));
    fake('queue.30', '');
    const slurm = executor();
    const heard = new Set<string>();
    const work = slurm.perform([a, b, c], new AbortController().signal);
    const listening = setInterval(() => heard.add(slurm.news?.() ?? ''), 1);
    await work;
    clearInterval(listening);
    expect([...heard]).toContain('Slurm job 11: 1 running, 2 pending (Resources, Priority); report: job 12 pending');
  });

  test('aborted, it leaves the jobs alone; the same runs again are not submitted twice, and missing ones are', async () => {
    fake('queue.1', 'NAME-1|11|0|RUNNING|None\nNAME-1|11|1|PENDING|Resources\nNAME-report|12|N/A|PENDING|Dependency\n');
    const controller = new AbortController();
    const first = executor();
    setTimeout(() => controller.abort(), 200);
    await first.perform([a, b], controller.signal);
    const { prefix } = submissions();
    expect(first.stopping).toBe('the jobs go on without this command');
    expect(first.goOn('pffnet ablate')).toBe(
      `watch them with: pffnet ablate\ncancel them with: scancel --name=${prefix}-1`,
    );
    expect(calls('scancel')).toEqual([]);

    // One is finished, one queued: nothing is submitted, not even the report.
    finish(a);
    fake('queue', 'NAME-1|11|0|COMPLETED|None\nNAME-1|11|1|PENDING|Resources\nNAME-report|12|N/A|PENDING|Dependency\n');
    fake('looks', '100');
    fake('queue.103', '');
    await perform([b]);
    expect(calls('sbatch')).toHaveLength(2);

    // A third run joins: an array of its own, and a new report after both, in place of the old.
    fake('queue', 'NAME-1|11|1|PENDING|Resources\nNAME-report|12|N/A|PENDING|Dependency\n');
    fake('looks', '200');
    fake('queue.202', '');
    await perform([b, c]);
    expect(submissions().arrays).toEqual([
      { name: `${prefix}-1`, runs: [a.id, b.id] },
      { name: `${prefix}-2`, runs: [c.id] },
    ]);
    expect(calls('sbatch')).toHaveLength(4);
    expect(readFileSync(out('slurm', `${prefix}-report.sh`), 'utf8')).toMatch(/--dependency=afterany:11:13\n/);
    expect(calls('scancel')).toEqual(['scancel --quiet 12']);
  });

  test('a crash between writing down and submitting leaves nothing behind: the next call submits', async () => {
    mkdirSync(out('slurm'), { recursive: true });
    const record = { prefix: 'pffnet-00c0ffee', count: 1, arrays: [{ name: 'pffnet-00c0ffee-1', runs: [a.id] }] };
    writeFileSync(out('slurm', 'submissions.json'), JSON.stringify(record));
    await perform([a]);
    expect(submissions()).toEqual({ ...record, count: 2, arrays: [{ name: 'pffnet-00c0ffee-2', runs: [a.id] }] });
    expect(calls('sbatch')).toHaveLength(2);
  });

  test('a crash before the report was submitted: the next call submits the report alone', async () => {
    mkdirSync(out('slurm'), { recursive: true });
    const record = { prefix: 'pffnet-00c0ffee', count: 1, arrays: [{ name: 'pffnet-00c0ffee-1', runs: [a.id] }] };
    writeFileSync(out('slurm', 'submissions.json'), JSON.stringify(record));
    fake('queue', 'NAME-1|11|0|RUNNING|None\n');
    fake('queue.1', '');
    await perform([a]);
    expect(calls('sbatch')).toEqual([expect.stringContaining('-report.sh')]);
  });

  test('passes over what another process is at work on, and waits for it', async () => {
    mkdirSync(out(a.id), { recursive: true });
    const lock = out(a.id, 'run.lock');
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.ppid, token: 'theirs' }));
    let waited = false;
    setTimeout(() => {
      waited = true;
      finish(a);
      rmSync(lock);
    }, 150);
    await perform([a]);
    expect([waited, calls('sbatch')]).toEqual([true, []]);
  });

  test.each([
    ['OUT_OF_MEMORY', 'Slurm job 11_0: out of memory; ask for more with --slurm-option mem=...'],
    ['TIMEOUT', 'Slurm job 11_0: timeout; ask for more with --slurm-option time=...'],
    ['NODE_FAIL', 'Slurm job 11_0: node fail'],
  ])('what Slurm ended stands in the run folder: %s', async (state, reason) => {
    mkdirSync(out(a.id), { recursive: true });
    fake('queue.1', `NAME-1|11|0|${state}|None\nNAME-1|11|1|CANCELLED|None\n`);
    await perform([a, b]);
    expect(await runStatus(out(a.id))).toMatchObject({ kind: 'failed', reason });
    expect(await runStatus(out(b.id))).toEqual({ kind: 'waiting' });
  });

  test('the reason that the run itself left comes first, and goes when it is submitted again', async () => {
    mkdirSync(out(a.id), { recursive: true });
    writeFileSync(out(a.id, 'failure.txt'), 'step 3: the loss is not finite\n');
    fake('queue.1', 'NAME-1|11|0|RUNNING|None\n');
    const work = perform([a]);
    while (calls('squeue').length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(existsSync(out(a.id, 'failure.txt'))).toBe(false);
    writeFileSync(out(a.id, 'failure.txt'), 'step 5: the loss is not finite\n');
    fake('queue', 'NAME-1|11|0|FAILED|NonZeroExitCode\n');
    await work;
    expect(await runStatus(out(a.id))).toMatchObject({ kind: 'failed', reason: 'step 5: the loss is not finite' });
  });

  test('a controller that does not answer for a while does not end the watch', async () => {
    fake('queue.1', 'NAME-1|11|0|RUNNING|None\n');
    const slurm = executor();
    const work = slurm.perform([a], new AbortController().signal);
    while (calls('squeue').length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    fake('down', '');
    while (!/does not answer/.test(slurm.news?.() ?? '')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(slurm.news?.()).toMatch(/^Slurm does not answer: squeue: .*Unable to contact slurm controller/);
    fake('queue', '');
    rmSync(join(root, 'down'));
    await work;
  });

  test('runs of two presets are two arrays, for they ask for different resources', async () => {
    await perform([a, run('cells/paper/seed-0', 'paper')], { jobs: 3 });
    const scripts = [1, 2].map((n) => readFileSync(out('slurm', `${submissions().prefix}-${n}.sh`), 'utf8'));
    expect(scripts.map((script) => /--array=(.*)\n[^]*runs=\(\n(.*)\n\)/.exec(script)?.slice(1, 3))).toEqual([
      ['0-0%3', `  '${a.id}'`],
      ['0-0%3', "  'cells/paper/seed-0'"],
    ]);
    expect(calls('sbatch')).toHaveLength(3);
  });

  test('a refusal is one line, and what is wrong with it', async () => {
    fake(
      'refusal',
      'sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
    );
    await expect(perform([a])).rejects.toThrow(
      'sbatch: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified; see --slurm-option',
    );
    fake('refusal', 'sbatch: unrecognized option \'--blub=3\'\nTry "sbatch --help" for more information\n');
    await expect(perform([a])).rejects.toThrow("sbatch: unrecognized option '--blub=3'; see --slurm-option");
  });

  test('without Slurm it says so in one line', async () => {
    process.env.PATH = join(root, 'none');
    await expect(perform([a])).rejects.toThrow(
      '--executor slurm: there is no squeue on the PATH; run this on a host of a Slurm cluster, or without --executor',
    );
  });

  test('a record that is damaged is refused, naming it', async () => {
    await perform([a]);
    appendFileSync(out('slurm', 'submissions.json'), '}');
    await expect(perform([a])).rejects.toThrow(
      /submissions\.json: cannot be read \(.*\); see squeue, then remove the file$/,
    );
  });
});
