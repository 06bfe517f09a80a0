import { say } from './console-output.ts';
import { exitCode } from './exit-code.ts';

/**
 * Runs work whose signal Ctrl-C (or a request to terminate) aborts; a second Ctrl-C ends the process at once.
 * @param stopping - what that does, for people.
 */
export async function untilInterrupted<Result>(
  stopping: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    say(`${process.stderr.isTTY ? '\n' : ''}${stopping}`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** @param unit - what is finished before the work stops: `step`, say. */
export const stoppingAfter = (unit: string): string =>
  `stopping after this ${unit}; press Ctrl-C again to stop without saving`;
