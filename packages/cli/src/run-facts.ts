import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Dataset } from '@pffnet/datasets';
import type { RunFacts } from '@pffnet/training';
import { version_core } from '@tensorflow/tfjs-core';
import { version } from './version.ts';

interface FactsRequest {
  readonly engine: string;
  readonly folder: string;
  readonly dataset: Dataset;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

/** Writes down where a run comes from: commit, versions, engine, command, and a hash over every image and label. */
export async function runFacts({ engine, folder, dataset, train, validation, test }: FactsRequest): Promise<RunFacts> {
  const hash = createHash('sha256');
  for (const name of dataset.names) {
    const { image, labels } = await dataset.load(name);
    hash.update(name).update(image.data).update(labels.data);
  }
  return {
    commit: currentCommit(),
    versions: { pffnet: version, node: process.version, 'tfjs-core': version_core },
    engine,
    command: ['pffnet', ...process.argv.slice(2)].join(' '),
    data: { folder, hash: hash.digest('hex'), train, validation, test },
  };
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
