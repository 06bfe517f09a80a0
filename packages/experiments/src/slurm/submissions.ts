import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '@pffnet/datasets';
import { DataError } from '@pffnet/structures';

/** A submitted array. */
export interface Submission {
  /** The job's name, which no other job has. */
  readonly name: string;
  /** Run ids by task number. */
  readonly runs: readonly string[];
}

/**
 * The arrays that were submitted to Slurm from a folder of runs. An array is recorded before it is submitted, so that a
 * crash in between leaves a recorded name without a job, never a job without a record.
 */
export interface Submissions {
  /** How all names of jobs of this folder begin. */
  readonly prefix: string;
  /** Arrays so far. */
  readonly count: number;
  /** Those that may be at work still, the oldest first. */
  readonly arrays: readonly Submission[];
}

/** @throws DataError if the file cannot be understood. */
export async function readSubmissions(path: string): Promise<Submissions> {
  if (!existsSync(path)) return { prefix: `pffnet-${randomBytes(4).toString('hex')}`, count: 0, arrays: [] };
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Submissions;
  } catch (error) {
    throw new DataError(`${path}: cannot be read (${(error as Error).message}); see squeue, then remove the file`, {
      cause: error,
    });
  }
}

export async function writeSubmissions(path: string, submissions: Submissions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, `${JSON.stringify(submissions, null, 2)}\n`);
}
