import { chmod, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeAtomically } from '@pffnet/datasets';
import { ConfigError } from '@pffnet/structures';
import { withRunLock } from '@pffnet/run-folder';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { Executor } from '../runs/executor.ts';
import { FAILURE, runStatus } from '../runs/run-status.ts';
import { arrayScript, followingScript } from './job-script.ts';
import { resourcesFor } from './resources.ts';
import { cancel, isLive, submit, type Task, tasksOf } from './slurm-commands.ts';
import { slurmArguments, type SlurmOptions } from './slurm-options.ts';
import { readSubmissions, type Submission, type Submissions, writeSubmissions } from './submissions.ts';

/** How a Slurm cluster performs runs. */
export interface SlurmCluster {
  /** The folder of all runs, which every node sees under this path. */
  readonly out: string;
  /** The engine that runs ask for: one on GPUs asks Slurm for a GPU. */
  readonly engine: string;
  /** What is asked of sbatch instead of the preset's resources, and beside them. */
  readonly options: SlurmOptions;
  /** Tasks at a time, at most; null leaves it to the cluster. */
  readonly jobs: number | null;
  /**
   * The words of the command that performs one run: program, then arguments; the run's id follows. It saves and ends on
   * SIGTERM, waits while another process is at work on the run, and does nothing if the run is finished.
   */
  readonly command: readonly string[];
  /** The words of the command that writes the report once all have ended. */
  readonly report: readonly string[];
  /** Milliseconds between two questions to the controller. */
  readonly lookEvery?: number;
}

/** Slurm takes 1,001 tasks in an array unless it is told otherwise. */
const LARGEST_ARRAY = 1000;
/** Looks during which a task may have ended before its files are seen: shared folders show them late. */
const LATE = 6;

/**
 * Performs runs as tasks of job arrays, and then a job that writes the report. Jobs outlive this process: whoever
 * performs the same runs again submits those that neither are finished nor queued, and watches all. Slurm is asked only
 * for the state of its queue, so that no accounting database is needed; the outcome of a run is read from its folder.
 */
export function slurmExecutor(cluster: SlurmCluster): Executor {
  const { lookEvery = 10_000 } = cluster;
  const out = resolve(cluster.out);
  let arrays: readonly Submission[] = [];
  let news = '';

  async function follow(runs: readonly PlannedRun[], prefix: string, signal: AbortSignal): Promise<void> {
    let late = 0;
    while (!signal.aborted) {
      const names = [...arrays.map(({ name }) => name), reportName(prefix)];
      const tasks = await tasksOf(names).catch((error: unknown) => {
        // A controller that is being restarted does not end the jobs.
        if (!(error instanceof ConfigError)) throw error;
        news = `Slurm does not answer: ${error.message}`;
        return null;
      });
      if (tasks !== null) {
        news = newsOf(tasks, prefix);
        const ended = await endedTasks(runs, tasks);
        const working = await Promise.all(
          runs.map(async ({ id }) => (await runStatus(join(out, id))).kind === 'running'),
        );
        if (!tasks.some(isLive) && !working.includes(true)) {
          const unseen = ended.some(({ task, kind }) => task.state === 'COMPLETED' && kind !== 'failed');
          if (!unseen || ++late > LATE) return;
        }
      }
      await wait(lookEvery, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs that are not finished though their tasks are; those that Slurm ended get the reason into their folder. */
  async function endedTasks(runs: readonly PlannedRun[], tasks: readonly Task[]) {
    const newest = newestTasks(arrays, tasks);
    const ended = [];
    for (const { id } of runs) {
      const task = newest.get(id);
      if (task === undefined || isLive(task)) continue;
      const { kind } = await runStatus(join(out, id));
      if (kind === 'finished' || kind === 'running') continue;
      ended.push({ task, kind });
      if (kind === 'failed' || task.state === 'COMPLETED' || task.state === 'CANCELLED') continue;
      await writeAtomically(join(out, id, FAILURE), `${endOf(task)}\n`);
    }
    return ended;
  }

  return {
    async perform(runs, signal) {
      await mkdir(folderOf(out), { recursive: true });
      // Two who ask for the same runs at once must not both submit them.
      const { prefix, arrays: submitted } = await withRunLock(folderOf(out), () =>
        submitMissing(runs, { ...cluster, out }),
      );
      arrays = submitted;
      await follow(runs, prefix, signal);
    },
    stopping: 'the jobs go on without this command',
    goOn: (command) =>
      `watch them with: ${command}\ncancel them with: scancel --name=${arrays.map(({ name }) => name).join(',')}`,
    news: () => news,
  };
}

const folderOf = (out: string): string => join(out, 'slurm');
const reportName = (prefix: string): string => `${prefix}-report`;
const isReport = ({ name }: Task, prefix: string): boolean => name === reportName(prefix);

/** Submits runs that are neither finished, at work nor queued, and the report after all that are queued then. */
async function submitMissing(runs: readonly PlannedRun[], cluster: SlurmCluster): Promise<Submissions> {
  const file = join(folderOf(cluster.out), 'submissions.json');
  let record = await readSubmissions(file);
  const tasks = await tasksOf([...record.arrays.map(({ name }) => name), reportName(record.prefix)]);
  const live = tasks.filter(isLive);
  record = { ...record, arrays: record.arrays.filter(({ name }) => live.some((task) => task.name === name)) };
  const reports = live.filter((task) => isReport(task, record.prefix)).map(({ job }) => job);
  const jobs = new Set(live.filter((task) => !isReport(task, record.prefix)).map(({ job }) => job));
  const missing = await missingRuns(runs, cluster.out, newestTasks(record.arrays, live));
  const submitted = inArrays(missing);
  for (const together of submitted) {
    const count = record.count + 1;
    const array = { name: `${record.prefix}-${count}`, runs: together.map(({ id }) => id) };
    record = { ...record, count, arrays: [...record.arrays, array] };
    await writeSubmissions(file, record);
    for (const id of array.runs) await rm(join(cluster.out, id, FAILURE), { force: true });
    jobs.add(await submitArray(array, together[0].config.preset, cluster));
  }
  if (jobs.size > 0 && (submitted.length > 0 || reports.length === 0)) {
    await submitReport(reportName(record.prefix), [...jobs], runs[0].config.preset, cluster);
    await cancel(reports);
  }
  return record;
}

async function missingRuns(
  runs: readonly PlannedRun[],
  out: string,
  queued: ReadonlyMap<string, Task>,
): Promise<PlannedRun[]> {
  const missing = [];
  for (const run of runs) {
    if (queued.has(run.id)) continue;
    const { kind } = await runStatus(join(out, run.id));
    if (kind !== 'finished' && kind !== 'running') missing.push(run);
  }
  return missing;
}

/** Runs of one preset together, for they ask for the same resources; as many as fit an array. */
function inArrays(runs: readonly PlannedRun[]): PlannedRun[][] {
  const arrays: PlannedRun[][] = [];
  for (const preset of new Set(runs.map(({ config }) => config.preset))) {
    const alike = runs.filter(({ config }) => config.preset === preset);
    for (let from = 0; from < alike.length; from += LARGEST_ARRAY) arrays.push(alike.slice(from, from + LARGEST_ARRAY));
  }
  return arrays;
}

async function submitArray({ name, runs }: Submission, preset: string, cluster: SlurmCluster): Promise<string> {
  const { out, engine, options, jobs, command } = cluster;
  const logs = folderOf(out);
  const resources = resourcesFor(preset, engine);
  const job = { name, folder: process.cwd(), logs, resources, options };
  const script = join(logs, `${name}.sh`);
  await writeScript(script, arrayScript({ ...job, out, runs, atATime: jobs, command }));
  return submit(script, slurmArguments(options));
}

/** The report takes a minute. It asks for the same resources as a run, because the cluster admits those. */
async function submitReport(name: string, after: string[], preset: string, cluster: SlurmCluster): Promise<void> {
  const { out, engine, options, report } = cluster;
  const logs = folderOf(out);
  const resources = resourcesFor(preset, engine);
  const job = { name, folder: process.cwd(), logs, resources, options };
  const script = join(logs, `${name}.sh`);
  await writeScript(script, followingScript({ ...job, after, command: report }));
  await submit(script, slurmArguments(options));
}

async function writeScript(path: string, text: string): Promise<void> {
  await writeAtomically(path, text);
  await chmod(path, 0o755);
}

/** The task of each run; of several, that of the newest array. */
function newestTasks(arrays: readonly Submission[], tasks: readonly Task[]): Map<string, Task> {
  const newest = new Map<string, Task>();
  for (const { name, runs } of arrays) {
    for (const task of tasks) {
      if (task.name === name && task.index !== null && task.index < runs.length) newest.set(runs[task.index], task);
    }
  }
  return newest;
}

/** The queue in a line: jobs, how many tasks are in which state, and what those that wait are waiting for. */
function newsOf(tasks: readonly Task[], prefix: string): string {
  const live = tasks.filter((task) => isLive(task) && !isReport(task, prefix));
  const states = [...new Set(live.map(({ state }) => state))].map((state) => {
    const alike = live.filter((task) => task.state === state);
    const reasons = [...new Set(alike.map(({ reason }) => reason))].filter((reason) => reason !== 'None');
    return `${alike.length} ${wordOf(state)}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
  });
  const jobs = [...new Set(live.map(({ job }) => job))].join(', ');
  const report = tasks
    .filter((task) => isReport(task, prefix))
    .reduce<Task | null>(
      (newest, task) => (newest === null || Number(task.job) > Number(newest.job) ? task : newest),
      null,
    );
  return [
    ...(live.length === 0 ? [] : [`Slurm job ${jobs}: ${states.join(', ')}`]),
    ...(report === null ? [] : [`report: job ${report.job} ${wordOf(report.state)}`]),
  ].join('; ');
}

const wordOf = (state: string): string => state.toLowerCase().replaceAll('_', ' ');

/** What people read about a task that Slurm ended. */
function endOf({ job, index, state }: Task): string {
  const mend: Readonly<Record<string, string>> = {
    OUT_OF_MEMORY: '; ask for more with --slurm-option mem=...',
    TIMEOUT: '; ask for more with --slurm-option time=...',
  };
  return `Slurm job ${job}_${index}: ${wordOf(state)}${mend[state] ?? ''}`;
}
