import { counted, textTable } from '@pffnet/pages/text';
import { type Estimate, rateOf } from './estimate-run.ts';
import { durationText, type RunProgress } from './progress-table.ts';

/**
 * What runs would take: a table of runs with their steps, time, disk and state, the sum of those that are not finished, and
 * the measurements that the times rest on.
 * @param estimates - one per run, in the same order.
 * @param engine - that they were estimated for.
 */
export function estimateTable(
  progress: readonly RunProgress[],
  estimates: readonly Estimate[],
  engine: string,
): string {
  const time = ({ seconds }: Estimate): string => (seconds === null ? 'not measured' : durationText(seconds));
  const disk = ({ bytes }: Estimate): string => (bytes === null ? 'not measured' : `${(bytes / 1e6).toFixed(0)} MB`);
  const rows = progress.map(({ run, status }, at) => [
    run.id,
    String(run.config.training.iterations),
    time(estimates[at]),
    disk(estimates[at]),
    status.kind,
  ]);
  const missing = estimates.filter((_, at) => progress[at].status.kind !== 'finished');
  const presets = new Map(progress.map(({ run: { config } }) => [`${config.kind} ${config.preset}`, config]));
  const measured = [...presets.values()].flatMap((config) => {
    const rate = rateOf(config, engine);
    if (rate === undefined) return [];
    const instead = rate.engine === engine ? '' : ` (${engine} was not measured)`;
    return [
      `${config.preset}: ${rate.secondsPerStep} s per step of ${rate.patch} pixels on ${rate.engine}${instead}, ${rate.machine}`,
    ];
  });
  return [
    textTable([['run', 'steps', 'time', 'disk', 'state'], ...rows]),
    `${counted(missing.length, 'run')} to do: ${timeOf(missing)}, ${(total(missing, 'bytes') / 1e9).toFixed(1)} GB`,
    `estimated from ${measured.join('; ') || 'nothing measured'}; runs that are begun take less`,
    '',
  ].join('\n');
}

const total = (estimates: readonly Estimate[], key: keyof Estimate): number =>
  estimates.reduce((sum, estimate) => sum + (estimate[key] ?? 0), 0);

/** The time of runs one after the other, as far as their steps were measured. */
function timeOf(estimates: readonly Estimate[]): string {
  const unknown = estimates.filter(({ seconds }) => seconds === null).length;
  if (unknown > 0 && unknown === estimates.length)
    return 'for how long is not known, since none of their steps was measured';
  const about = `about ${durationText(total(estimates, 'seconds'))} one after the other`;
  return unknown === 0 ? about : `${about}, without ${counted(unknown, 'run')} whose steps were not measured`;
}
