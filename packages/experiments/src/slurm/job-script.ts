import { FAILURE, OUTPUT_LOG } from '../runs/run-status.ts';
import type { Resources } from './resources.ts';
import { slurmArguments, type SlurmOptions } from './slurm-options.ts';

/** A job of Slurm. */
interface Job {
  readonly name: string;
  /** The folder in which the commands are run. */
  readonly folder: string;
  /** Absolute; for what Slurm itself has to say. */
  readonly logs: string;
  readonly resources: Resources;
  /** What the user asks for instead; given to sbatch beside the script. */
  readonly options: SlurmOptions;
}

/** An array of jobs that performs one run per task. */
export interface ArrayJob extends Job {
  /** Absolute. */
  readonly out: string;
  /** Run ids; the place in this list is the task's number. */
  readonly runs: readonly string[];
  /** Tasks at a time, at most; null leaves it to the cluster. */
  readonly atATime: number | null;
  /** The words of the command that performs the run whose id follows as the last word. */
  readonly command: readonly string[];
}

/** A job that waits for others to end, however they end. */
export interface FollowingJob extends Job {
  /** Job numbers. */
  readonly after: readonly string[];
  readonly command: readonly string[];
}

/**
 * The script of an array. A task that Slurm warns of its time limit saves its run, queues again and goes on from there; one
 * that Slurm requeues after its node failed goes on from the last checkpoint; one that is cancelled saves and ends.
 */
export function arrayScript(job: ArrayJob): string {
  const { runs, atATime, out, resources, command } = job;
  const tasks = `0-${runs.length - 1}${atATime === null ? '' : `%${atATime}`}`;
  return `#!/bin/bash
# Written by pffnet ablate: each task performs one run.
${directives(job, { array: tasks, output: '%A_%a.log', requeue: null, signal: `B:USR1@${resources.notice}` })}

runs=(
${runs.map((id) => `  ${quoted(id)}`).join('\n')}
)
run=\${runs[SLURM_ARRAY_TASK_ID]}
folder=${quoted(out)}/$run
mkdir -p "$folder" && exec >>"$folder/${OUTPUT_LOG}" 2>&1 || exit 1
export PFFNET_NUM_THREADS=\${SLURM_CPUS_PER_TASK:-1}

newest_step() { tail -n 1 "$folder/log.jsonl" 2>/dev/null; }
first=$(newest_step)
warned=

${command.map(quoted).join(' ')} "$run" &
process=$!
# Slurm's notice of the time limit, to this shell alone.
trap 'warned=yes; kill -TERM "$process"' USR1
# Slurm ends every process of a job at once: the shell stays until the run has saved.
trap : TERM
# Not a wait for the run itself: a shell whose wait is interrupted may lose the exit code.
while kill -0 "$process" 2>/dev/null; do sleep 1; done
wait "$process"
code=$?

# 130 is a run that was saved, 143 one that was ended while its images were tested.
case $warned$code in yes130 | yes143) ;; *) exit "$code" ;; esac
if [ "$(newest_step)" = "$first" ]; then
  echo 'Slurm: the time limit came before a step was made; raise it with --slurm-option time=...' | tee "$folder/${FAILURE}"
  exit 1
fi
scontrol requeue "$SLURM_JOB_ID"
`;
}

/** The script of a job that follows others. */
export function followingScript(job: FollowingJob): string {
  return `#!/bin/bash
# Written by pffnet ablate.
${directives(job, { dependency: `afterany:${job.after.join(':')}`, output: '%j.log' })}

exec ${job.command.map(quoted).join(' ')}
`;
}

/** Options that say the same of a job in other words: the user's replaces ours. */
const inOtherWords: Readonly<Record<string, readonly string[]>> = {
  'cpus-per-task': ['cpus-per-gpu'],
  mem: ['mem-per-cpu', 'mem-per-gpu'],
  gres: ['gpus', 'gpus-per-node', 'gpus-per-socket', 'gpus-per-task'],
};

function directives(
  { name, folder, logs, resources, options }: Job,
  own: Readonly<Record<string, string | null>>,
): string {
  const { cpus, gpus, memory, time } = resources;
  const { output, ...others } = own;
  const asked = Object.entries({
    ...{ 'cpus-per-task': String(cpus), mem: memory, time },
    ...(gpus === 0 ? {} : { gres: `gpu:${gpus}` }),
  }).filter(([key]) => ![key, ...(inOtherWords[key] ?? [])].some((word) => options.has(word)));
  const all = new Map<string, string | null>([
    ['job-name', name],
    ['chdir', `"${folder}"`],
    ['output', `"${logs.replaceAll('%', '%%')}/${output}"`],
    ['open-mode', 'append'],
    ['ntasks', '1'],
    ...asked,
    ...Object.entries(others),
  ]);
  return slurmArguments(all)
    .map((argument) => `#SBATCH ${argument}`)
    .join('\n');
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
