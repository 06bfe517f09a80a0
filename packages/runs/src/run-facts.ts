import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Dataset } from '@pffnet/datasets';
import type { NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import type { RunFacts, RunPlace } from '@pffnet/run-folder';
import { version_core } from '@tensorflow/tfjs-core';
import { version } from './version.ts';

/** What {@link runFacts} writes down, and the images that it hashes. */
export interface FactsRequest {
  readonly engine: string;
  /** As a person can type it again. */
  readonly command: string;
  readonly folder: string;
  readonly dataset: Dataset;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
  readonly experiment?: RunPlace;
}

/** Writes down where a run comes from: commit, versions, engine, command, and a hash over every image and label. */
export async function runFacts(request: FactsRequest): Promise<RunFacts> {
  const { engine, command, folder, dataset, train, validation, test, experiment } = request;
  const hash = createHash('sha256');
  for (const name of dataset.names) {
    const { image, labels } = await dataset.load(name);
    hash.update(name).update(image.data).update(labels.data);
  }
  return {
    commit: currentCommit(),
    versions: { pffnet: version, node: process.version, 'tfjs-core': version_core },
    engine,
    command,
    data: { folder, hash: hash.digest('hex'), train, validation, test },
    ...(experiment === undefined ? {} : { experiment }),
  };
}

/** The engine with the precision it trains in, where that is not float32: results of the two are told apart by it. */
export function engineOf({ training: { precision } }: NetworkConfig, description: string): string {
  return precision === 'f32' ? description : `${description}, ${precision}`;
}

/**
 * Checks that a run would go on with the images it began with.
 * @throws ConfigError if their content, or which of them are for training, validation and test, has changed.
 */
export async function assertSameData(run: string, { data }: RunFacts): Promise<void> {
  const saved = (await savedFacts(run))?.data;
  if (saved === undefined) return;
  const mend = 'resume with the data and the options of the run, or choose another --out folder';
  if (saved.hash !== data.hash) {
    throw new ConfigError(`${run}: the images or labels in ${data.folder} are not those it began with; ${mend}`);
  }
  for (const part of ['train', 'validation', 'test'] as const) {
    if (saved[part].join('\n') !== data[part].join('\n')) {
      throw new ConfigError(
        `${run}: the ${part} images have changed (there were ${saved[part].length}, now there are ${data[part].length}); ${mend}`,
      );
    }
  }
}

/** The run that a path is of: itself, or the one in whose checkpoints a file lies. */
export const runOf = (path: string): string => (existsSync(join(path, 'run.json')) ? path : dirname(dirname(path)));

/** @returns what a run wrote down about itself; null where there is no run. */
export async function savedFacts(run: string): Promise<RunFacts | null> {
  const file = join(run, 'run.json');
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as RunFacts) : null;
}

/** The commit of this source tree, or null outside a repository. */
function currentCommit(): string | null {
  try {
    const cwd = new URL('.', import.meta.url);
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
