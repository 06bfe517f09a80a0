import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { Executor } from './executor.ts';
import { OUTPUT_LOG, runStatus } from './run-status.ts';

/** How this machine performs runs. */
export interface LocalOptions {
  /** The folder of all runs. */
  readonly out: string;
  /** Processes at a time; they share the processors. */
  readonly jobs: number;
  /** The words of the command that performs one run: program, then arguments. It saves and ends on SIGTERM. */
  readonly command: (run: PlannedRun) => readonly [program: string, ...args: string[]];
}

/** Milliseconds between two looks at runs of other processes. */
const LOOK_AGAIN = 3_000;

/**
 * Performs runs as processes of this machine. Several hosts that share a folder may do so at once: each takes runs that
 * no other process is at work on, and waits at the end until all are finished.
 */
export function localExecutor({ out, jobs, command }: LocalOptions): Executor {
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  /** The error of a run that could not be written to its folder. */
  let untold = '';
  const environment = { ...process.env, PFFNET_NUM_THREADS: String(threads) };

  async function performOne(run: PlannedRun, signal: AbortSignal): Promise<void> {
    try {
      await performProcess(run, signal);
    } catch (error) {
      // A full disk, say: the other runs may fare better.
      untold = `${run.id}: not begun: ${(error as Error).message}`;
    }
  }

  /** Runs one process to its end; its words go to the run's own log. */
  async function performProcess(run: PlannedRun, signal: AbortSignal): Promise<void> {
    const folder = join(out, run.id);
    await mkdir(folder, { recursive: true });
    const log = await open(join(folder, OUTPUT_LOG), 'a');
    try {
      const [program, ...args] = command(run);
      // A group of its own: Ctrl-C reaches the run once, from here, and not a second time from the terminal. The channel
      // closes when this process dies, however it dies, and the run then saves and ends.
      const child = spawn(program, args, {
        stdio: ['ignore', log.fd, log.fd, 'ipc'],
        detached: true,
        env: environment,
      });
      const stop = (): void => void child.kill('SIGTERM');
      signal.addEventListener('abort', stop);
      await new Promise<void>((resolve) => {
        child.on('message', (line) => {
          untold = `${run.id}: ${String(line)}`;
        });
        child.on('error', (error) => {
          resolve(log.write(`${error.message}\n`).then(() => undefined));
        });
        child.on('close', () => {
          resolve();
        });
      });
      signal.removeEventListener('abort', stop);
    } finally {
      await log.close();
    }
  }

  return {
    async perform(runs, signal) {
      const waiting = [...runs];
      /** The first run that no process is at work on; finished ones are removed from the list. */
      const next = async (): Promise<PlannedRun | 'later' | undefined> => {
        for (const run of [...waiting]) {
          const { kind } = await runStatus(join(out, run.id));
          const at = waiting.indexOf(run);
          if (at < 0 || kind === 'running') continue;
          waiting.splice(at, 1);
          if (kind !== 'finished') return run;
        }
        return waiting.length > 0 ? 'later' : undefined;
      };
      const work = async (): Promise<void> => {
        while (!signal.aborted) {
          const run = await next();
          if (run === undefined) return;
          if (run === 'later') await wait(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
          else {
            await performOne(run, signal);
            // Another host was quicker, and ours was refused.
            if ((await runStatus(join(out, run.id))).kind === 'running') waiting.push(run);
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(jobs, runs.length) }, work));
    },
    stopping: 'stopping after this step of every run; press Ctrl-C again to stop without saving',
    goOn: (command) => `go on with: ${command}`,
    news: () => untold,
  };
}
