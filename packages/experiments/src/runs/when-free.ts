import { setTimeout as wait } from 'node:timers/promises';
import { runStatus, type RunStatus } from './run-status.ts';

/** Milliseconds between two looks at a run that another process is at work on. */
const LOOK_AGAIN = 5_000;

/**
 * Waits while another process is at work on a run. One that died with its host counts as living until it has been silent
 * for long enough, and a cluster may begin its task again before that.
 * @param folder - of the run.
 * @param lookAgain - milliseconds between two looks.
 * @returns what has become of the run.
 */
export async function whenFree(folder: string, lookAgain = LOOK_AGAIN): Promise<RunStatus['kind']> {
  for (;;) {
    const { kind } = await runStatus(folder);
    if (kind !== 'running') return kind;
    await wait(lookAgain);
  }
}
