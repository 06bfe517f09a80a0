import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import type { ImageScores } from '@pffnet/metrics';
import type { NetworkConfig } from '@pffnet/network';
import { DataError } from '@pffnet/structures';
import { type LogEntry, type RunFacts, RunFolder, type RunPlace } from '@pffnet/run-folder';
import { counted } from '@pffnet/pages/text';
import { runStatus } from '../runs/run-status.ts';

/** A trained run, as read from its folder. */
export interface TrainedRun {
  readonly folder: string;
  readonly config: NetworkConfig;
  readonly facts: RunFacts;
  readonly log: readonly LogEntry[];
}

/** A run that was trained and tested: all that a report needs. */
export interface FinishedRun extends TrainedRun {
  /** Its place in a matrix; of a run of `pffnet train`, a place of its own. */
  readonly place: RunPlace;
  /** Scores of its test images. */
  readonly images: readonly ImageScores[];
}

/** The run folders below a folder. */
export interface RunsRead {
  readonly finished: readonly FinishedRun[];
  /** Runs of `pffnet train` that are finished and have no test images. */
  readonly untested: readonly TrainedRun[];
  /** Runs that are not finished, with their state. */
  readonly unfinished: readonly { readonly folder: string; readonly state: string }[];
}

/**
 * Reads every run folder below a folder.
 * @throws DataError if there is none, or a run's files cannot be read.
 */
export async function readRuns(root: string): Promise<RunsRead> {
  const folders = await runFoldersBelow(root);
  if (folders.length === 0)
    throw new DataError(`${root}: there is no run folder in it; expected the --out of pffnet ablate or pffnet train`);
  const finished: FinishedRun[] = [];
  const unfinished: { folder: string; state: string }[] = [];
  const untested: TrainedRun[] = [];
  for (const folder of folders) {
    const { kind } = await runStatus(folder);
    const name = relative(root, folder) || basename(resolve(root));
    const { run, config } = await RunFolder.open(folder);
    const facts = await readJson<RunFacts>(join(folder, 'run.json'));
    const trained = { folder, config, facts, log: await run.readLog() };
    if (kind === 'finished') {
      const { images } = await readJson<{ images: ImageScores[] }>(join(folder, 'metrics.json'));
      finished.push({ ...trained, place: facts.experiment ?? placeOfItsOwn(name, facts), images });
    } else if (kind === 'interrupted' && facts.data.test.length === 0 && isTrained(trained)) {
      untested.push(trained);
    } else {
      unfinished.push({ folder: name, state: kind });
    }
  }
  return { finished, untested, unfinished };
}

/** Whether the last validation, which ends the training, was logged. */
const isTrained = ({ config, log }: TrainedRun): boolean =>
  log.some(({ kind, step }) => kind === 'validation' && step === config.training.iterations);

/** Runs of `pffnet train` are compared if they were tested on the same images, and are never averaged with others. */
function placeOfItsOwn(name: string, { data }: RunFacts): RunPlace {
  return {
    variant: `run ${name}`,
    title: name,
    protocol: `data ${data.hash} ${data.test.join(' ')}`,
    protocolTitle: `${data.folder}, ${counted(data.test.length, 'test image')}`,
    fold: 'test',
    folds: 1,
    groups: {},
  };
}

async function runFoldersBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) throw new DataError(`${folder}: there is no such folder; check the path`);
  if (existsSync(join(folder, 'config.json'))) return [folder];
  const entries = await readdir(folder, { withFileTypes: true });
  const below = [];
  for (const entry of entries
    .filter((candidate) => candidate.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    below.push(...(await runFoldersBelow(join(folder, entry.name))));
  }
  return below;
}

async function readJson<Content>(path: string): Promise<Content> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Content;
  } catch (error) {
    throw new DataError(`${path}: cannot be read (${(error as Error).message}); remove its run and train it again`, {
      cause: error,
    });
  }
}
