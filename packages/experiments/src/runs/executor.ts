import type { PlannedRun } from '../matrix/plan-runs.ts';

/** Performs runs somewhere: on this machine, on a cluster. */
export interface Executor {
  /**
   * Performs every run once, in any order; one that fails leaves the others alone. The state of each is in its run
   * folder; {@link runStatus} reads it.
   * @param runs - not finished yet; some may be begun, and some may be at work elsewhere, which are then waited for.
   * @param signal - aborted to stop, as `stopping` says.
   * @throws only if no run can be performed.
   */
  perform(runs: readonly PlannedRun[], signal: AbortSignal): Promise<void>;
  /** What the signal does, for people. */
  readonly stopping: string;
  /**
   * How to go on after that, for people.
   * @param command - the words that asked for these runs.
   */
  goOn(command: string): string;
  /** What people should know beside the state of the runs; one line, or empty. */
  news?(): string;
}
