import { execFile } from 'node:child_process';
import { ConfigError } from '@pffnet/structures';

/** A task of a job array, or a job without an array, as the controller knows it. */
export interface Task {
  readonly name: string;
  /** The number of the job or array. */
  readonly job: string;
  /** Its place in the array; null for a job without one. */
  readonly index: number | null;
  /** Slurm's word: `PENDING`, `RUNNING`, `COMPLETED` … */
  readonly state: string;
  /** Why it waits or ended, in Slurm's word. */
  readonly reason: string;
}

const ended = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
]);

/** Whether a task may still do something; requeued ones are pending. */
export const isLive = ({ state }: Task): boolean => !ended.has(state);

/**
 * Hands a job script to Slurm.
 * @returns the number of the job.
 * @throws ConfigError if Slurm refuses it.
 */
export async function submit(script: string, options: readonly string[]): Promise<string> {
  const answer = await call('sbatch', ['--parsable', ...options, script]);
  return answer.trim().split(';')[0]; // the cluster's name may follow
}

/**
 * Asks the controller for jobs by name. It forgets those that ended after some minutes (its MinJobAge); there need be no
 * accounting database.
 * @throws ConfigError if it does not answer.
 */
export async function tasksOf(names: readonly string[]): Promise<Task[]> {
  if (names.length === 0) return [];
  const answer = await call('squeue', [
    '--noheader',
    '--array',
    '--states=all',
    `--name=${names.join(',')}`,
    '--format=%j|%F|%K|%T|%r',
  ]);
  return answer.split('\n').flatMap((line) => {
    const [name, job, index, state, reason] = line.trim().split('|');
    return reason === undefined
      ? []
      : [{ name, job, index: /^\d+$/.test(index) ? Number(index) : null, state, reason }];
  });
}

/** Cancels jobs; those that have ended are left as they are. */
export async function cancel(jobs: readonly string[]): Promise<void> {
  if (jobs.length > 0) await call('scancel', ['--quiet', ...jobs]);
}

function call(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env: process.env, encoding: 'utf8', maxBuffer: 2 ** 26 }, (error, out, said) => {
      if (error === null) resolve(out);
      else reject(refusal(program, error, said));
    });
  });
}

function refusal(program: string, error: Error & { code?: unknown }, said: string): ConfigError {
  if (error.code === 'ENOENT') {
    return new ConfigError(
      `--executor slurm: there is no ${program} on the PATH; run this on a host of a Slurm cluster, or without --executor`,
    );
  }
  const lines = said
    .split('\n')
    .map((line) => line.replace(/^\w+: (error: )?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Try "'));
  return new ConfigError(`${program}: ${lines.join('; ') || error.message.split('\n')[0]}; see --slurm-option`, {
    cause: error,
  });
}
