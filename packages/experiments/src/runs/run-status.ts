import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@pffnet/structures';
import { firstDifference } from '@pffnet/training';
import { RunFolder, runHolder } from '@pffnet/run-folder';
import type { PlannedRun } from '../matrix/plan-runs.ts';

/** The state of a run, read from its folder. */
export type RunStatus =
  | { readonly kind: 'waiting' }
  /** A process, here or on another host, is at work on it. */
  | (Progress & { readonly kind: 'running'; readonly where: string })
  /** Begun, and no process is at work on it. The same command resumes it. */
  | (Progress & { readonly kind: 'interrupted' })
  /** Ended by an error; the same command tries again. */
  | (Progress & { readonly kind: 'failed'; readonly reason: string })
  | { readonly kind: 'finished'; readonly aji: number | null };

interface Progress {
  readonly step: number;
  /** Of the newest step, or null before the first. */
  readonly secondsPerStep: number | null;
}

/** The file with the output of a run's process, and the file with the one line about the error that ended it. */
export const OUTPUT_LOG = 'output.log';
export const FAILURE = 'failure.txt';

/** Reads how far a run is; cheap enough to be asked every second. */
export async function runStatus(folder: string): Promise<RunStatus> {
  // Asked first: a process that ends while we look has written all that the rest of this reads.
  const holder = await runHolder(folder);
  if (existsSync(join(folder, 'metrics.json'))) {
    const { mean } = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')) as {
      mean: { aji: number | null };
    };
    return { kind: 'finished', aji: mean.aji };
  }
  const progress = await newestStep(join(folder, 'log.jsonl'));
  if (holder !== null) return { kind: 'running', where: `process ${holder.pid} on ${holder.host}`, ...progress };
  if (existsSync(join(folder, FAILURE))) {
    return { kind: 'failed', reason: (await readFile(join(folder, FAILURE), 'utf8')).trim(), ...progress };
  }
  return existsSync(join(folder, 'config.json')) ? { kind: 'interrupted', ...progress } : { kind: 'waiting' };
}

/**
 * Checks that a folder holds nothing, or this very run.
 * @throws ConfigError naming the key that differs.
 */
export async function assertSameRun(folder: string, run: PlannedRun): Promise<void> {
  if (!existsSync(join(folder, 'config.json'))) return;
  const { config } = await RunFolder.open(folder);
  const difference = firstDifference(config, run.config);
  if (difference === null) return;
  throw new ConfigError(
    `${folder}: ${difference}; ask for the same matrix and settings, or choose another --out folder`,
  );
}

const TAIL_BYTES = 8192;

/** The end of a text file, from a whole line on; empty where there is no file. */
export async function tailOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, TAIL_BYTES)), 0, null, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return (from === 0 ? lines : lines.slice(1)).filter((line) => line !== '');
  } finally {
    await file.close();
  }
}

async function newestStep(log: string): Promise<Progress> {
  for (const line of (await tailOf(log)).reverse()) {
    try {
      const { step, seconds } = JSON.parse(line) as { step: number; seconds?: number };
      if (seconds !== undefined) return { step, secondsPerStep: seconds };
    } catch {
      // A line that is being written.
    }
  }
  return { step: 0, secondsPerStep: null };
}
