import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { RunStatus } from './run-status.ts';

/** A run and how far it is. */
export interface RunProgress {
  readonly run: PlannedRun;
  readonly status: RunStatus;
}

/** The state of a matrix as lines for a terminal: how many are done, and each that is at work or went wrong. */
export function progressTable(progress: readonly RunProgress[], rows: number): string[] {
  const of = (...kinds: RunStatus['kind'][]): RunProgress[] =>
    progress.filter(({ status }) => kinds.includes(status.kind));
  const counts = [
    `${of('finished').length} of ${progress.length} finished`,
    `${of('running').length} running`,
    `${of('waiting', 'interrupted').length} waiting`,
    ...(of('failed').length > 0 ? [`${of('failed').length} failed`] : []),
  ];
  const shown = [...of('running'), ...of('failed'), ...of('finished').reverse()].slice(0, Math.max(0, rows - 2));
  const width = Math.max(0, ...shown.map(({ run }) => run.id.length));
  return [counts.join(', '), ...shown.map((entry) => `  ${entry.run.id.padEnd(width)}  ${statusText(entry)}`)];
}

/** How far a run is, in words. */
export function statusText({ run, status }: RunProgress): string {
  const { iterations } = run.config.training;
  switch (status.kind) {
    case 'waiting':
      return 'waiting';
    case 'running': {
      if (status.step >= iterations) return `testing (${status.where})`;
      const pace = status.secondsPerStep;
      const left =
        pace === null ? '' : `, ${pace.toFixed(2)} s a step, ${durationText((iterations - status.step) * pace)} left`;
      return `step ${status.step} of ${iterations}${left} (${status.where})`;
    }
    case 'interrupted':
      return `interrupted at step ${status.step} of ${iterations}`;
    case 'failed':
      return `failed at step ${status.step} of ${iterations}: ${status.reason}`;
    case 'finished':
      return `finished, AJI ${status.aji === null ? 'undefined' : status.aji.toFixed(3)}`;
  }
}

/** Seconds in the two largest units that say enough: `3 d 4 h`, `12 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
