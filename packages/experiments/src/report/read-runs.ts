import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ImageScores } from '@pffnet/metrics';
import type { PffnetConfig } from '@pffnet/pffnet';
import { DataError } from '@pffnet/structures';
import { type LogEntry, type RunFacts, RunFolder, type RunPlace } from '@pffnet/training';
import { runStatus } from '../runs/run-status.ts';

/** A run of a matrix that was trained and tested: all that a report needs, read from its folder. */
export interface FinishedRun {
  readonly folder: string;
  readonly place: RunPlace;
  readonly config: PffnetConfig;
  readonly facts: RunFacts;
  /** Scores of its test images. */
  readonly images: readonly ImageScores[];
  readonly log: readonly LogEntry[];
}

/** The run folders below a folder. */
export interface RunsRead {
  readonly finished: readonly FinishedRun[];
  /** Runs that are not finished, with their state. */
  readonly unfinished: readonly { readonly folder: string; readonly state: string }[];
  /** Runs that belong to no matrix (`pffnet train`): a table does not know where to put them. */
  readonly unplaced: readonly string[];
}

/**
 * Reads every run folder below a folder.
 * @throws DataError if there is none, or a run's files cannot be read.
 */
export async function readRuns(root: string): Promise<RunsRead> {
  const folders = await runFoldersBelow(root);
  if (folders.length === 0)
    throw new DataError(`${root}: there is no run folder in it; expected the --out of pffnet ablate`);
  const finished: FinishedRun[] = [];
  const unfinished: { folder: string; state: string }[] = [];
  const unplaced: string[] = [];
  for (const folder of folders) {
    const { kind } = await runStatus(folder);
    const name = relative(root, folder);
    if (kind !== 'finished') {
      unfinished.push({ folder: name, state: kind });
      continue;
    }
    const { run, config } = await RunFolder.open(folder);
    const facts = await readJson<RunFacts>(join(folder, 'run.json'));
    if (facts.experiment === undefined) {
      unplaced.push(name);
      continue;
    }
    const { images } = await readJson<{ images: ImageScores[] }>(join(folder, 'metrics.json'));
    finished.push({ folder, place: facts.experiment, config, facts, images, log: await run.readLog() });
  }
  return { finished, unfinished, unplaced };
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
