import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf, openRunData, type PlannedRun, type RunData } from '@pffnet/experiments';
import { openDatasetFor } from '@pffnet/runs';
import { ConfigError } from '@pffnet/structures';
import { say } from '../console-output.ts';

/** @throws ConfigError that names the data sets of the runs which a folder lacks. */
export function refuseMissingFolders(runs: readonly PlannedRun[], data: string | undefined): void {
  const folders = [...new Set(runs.flatMap(({ protocol }) => foldersOf(protocol)))];
  if (folders.length === 0) return;
  if (data === undefined) {
    throw new ConfigError(`these runs need --data: the folder that holds ${folders.join(', ')}`);
  }
  const absent = folders.filter((folder) => !existsSync(join(data, folder)));
  if (absent.length === 0) return;
  throw new ConfigError(
    `${data} lacks ${absent.join(', ')}; put ${absent.length === 1 ? 'it' : 'them'} there, or choose other data sets with --datasets`,
  );
}

/** A run for every data set and fold: what is missing in the data is known before anything trains. */
export const oncePerFold = (runs: readonly PlannedRun[]): PlannedRun[] => [
  ...new Map(runs.map((run) => [`${run.protocol.name}/${run.fold}`, run])).values(),
];

/** The images of a run, divided. */
export const openData = (run: PlannedRun, data = ''): Promise<RunData> =>
  openRunData(run, data, (path) => openDatasetFor(run.config, path, say));
