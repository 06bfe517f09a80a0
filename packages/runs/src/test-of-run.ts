import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, someNames } from '@pffnet/datasets';
import { ConfigError, DataError, type RgbImage } from '@pffnet/structures';
import { RunFolder } from '@pffnet/run-folder';
import { type Truth, truthFolder } from '@pffnet/evaluation';
import { openDatasetFor } from './open-dataset-for.ts';
import { picturesBeside } from './picture-endings.ts';
import { savedFacts } from './run-facts.ts';

/** Images to score predictions on. */
export interface TestImages {
  /** The folder of the predictions. */
  readonly pred: string;
  readonly truth: Truth;
  /** The image itself; null where only label maps are known. */
  readonly readImage: ((name: string) => Promise<RgbImage>) | null;
}

/** The options that say which run, and what to take instead of what it wrote down. */
export interface RunOptions {
  readonly run: string;
  /** Predictions of the same images, such as those of other thresholds. */
  readonly pred?: string | undefined;
  /** True label maps, where the folder of the training has moved. */
  readonly truth?: string | undefined;
}

/**
 * Finds the test images of a run, their truth and their predictions.
 * @throws ConfigError if the run kept no image for a test, or has not predicted them yet; DataError if an image is gone.
 */
export async function testOfRun(
  { run: folder, pred, truth }: RunOptions,
  say: (line: string) => void = () => undefined,
): Promise<TestImages> {
  const facts = await savedFacts(folder);
  if (facts === null) throw new ConfigError(`--run ${folder}: there is no run (no run.json); check the path`);
  const { config } = await RunFolder.open(folder);
  const { test } = facts.data;
  if (test.length === 0) {
    throw new ConfigError(
      `--run ${folder}: it has no test images; train with --split and --fold, or give --pred and --truth instead`,
    );
  }
  const predictions = join(folder, 'predictions');
  if (pred === undefined && !existsSync(predictions)) {
    throw new ConfigError(
      `--run ${folder}: its test images are not predicted yet; let the training end (train --resume), or give --pred`,
    );
  }
  const source = truth ?? facts.data.folder;
  if (truth !== undefined) {
    const all = await truthFolder(truth, picturesBeside);
    assertThere(test, all.names, source);
    return { pred: pred ?? predictions, truth: { ...all, names: test }, readImage: null };
  }
  const dataset = await openOrAsk(() => openDatasetFor(config, source, say));
  assertThere(test, dataset.names, source);
  return {
    pred: pred ?? predictions,
    truth: { source, names: test, read: async (name) => (await dataset.load(name)).labels },
    readImage: async (name) => (await dataset.load(name)).image,
  };
}

async function openOrAsk(open: () => Promise<Dataset>): Promise<Dataset> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${error.message} (the run was trained on it; if it has moved, give --truth)`, {
      cause: error,
    });
  }
}

function assertThere(test: readonly string[], names: readonly string[], source: string): void {
  const known = new Set(names);
  const missing = test.filter((name) => !known.has(name));
  if (missing.length === 0) return;
  throw new DataError(
    `${source} lacks ${missing.length} of the run's ${test.length} test images: ${someNames(missing)}; give the label maps of the training with --truth`,
  );
}
