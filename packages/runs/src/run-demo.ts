import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, readImage, syntheticDataset, writeAtomically, writeImage, writeOverlay } from '@pffnet/datasets';
import { scoresJson, scoresLine } from '@pffnet/evaluation';
import { createNetwork, decodeNetwork } from '@pffnet/families';
import { defaultPolicy, summarise, type Summary } from '@pffnet/metrics';
import { modelFiles, openModel } from '@pffnet/models';
import { type Network, predict } from '@pffnet/network';
import { type RunFacts, RunFolder, withRunLock } from '@pffnet/run-folder';
import { ConfigError, nobody } from '@pffnet/structures';
import { firstDifference, predictAndScore, train, type TrainingOutcome } from '@pffnet/training';
import { demoPage } from './page/demo-page.ts';
import { settleScaling } from './read-as-configured.ts';
import { runFacts } from './run-facts.ts';
import type { RunRequest } from './train-run.ts';

/** The model that ships, whose own image is segmented too. */
const SHIPPED = 'nuclei-he';

/** Images to learn from, to choose the best weights by, and to test on. */
const COUNTS = { train: 120, validation: 6, test: 12 };

/** A demo to begin, or to go on with. */
export interface DemoRequest extends Pick<RunRequest, 'config' | 'listener' | 'train'> {
  /** The folder for the page and everything behind it; the run lies in its `run/`. */
  readonly out: string;
  readonly start: 'begin' | 'resume';
  /** For the page: the engine that computes, and what was asked for. */
  readonly engine: string;
  readonly command: string;
}

/**
 * Trains a network on drawn cells that touch and overlap, tests it on some that it never saw, segments a real image with a
 * model that ships, and writes a page of all this: `index.html`, `metrics.json`, `images/`, `run/`. A training that was
 * interrupted is saved, without a page.
 * @throws ConfigError if the folder holds a demo that is finished, or one that was begun otherwise.
 */
export async function runDemo(request: DemoRequest): Promise<TrainingOutcome> {
  refuseExisting(request);
  const { out, engine, command } = request;
  const started = performance.now();
  const { seed, training } = request.config;
  const count = COUNTS.train + COUNTS.validation + COUNTS.test;
  const dataset = syntheticDataset({ count, size: training.patch.size, seed });
  const config = settleScaling(request.config, dataset);
  const tested = COUNTS.train + COUNTS.validation;
  const facts = await runFacts({
    engine,
    command,
    folder: 'synthetic cells',
    dataset,
    train: dataset.names.slice(0, COUNTS.train),
    validation: dataset.names.slice(COUNTS.train, tested),
    test: dataset.names.slice(tested),
  });
  return withRunLock(join(out, 'run'), () => trainAndShow({ ...request, config, dataset, facts, started }));
}

interface Demo extends DemoRequest {
  readonly dataset: Dataset;
  readonly facts: RunFacts;
  /** Of the clock that measures the whole demo. */
  readonly started: number;
}

async function trainAndShow(demo: Demo): Promise<TrainingOutcome> {
  const { out, start, config, dataset, facts, listener = nobody } = demo;
  const run = await openRun(demo);
  const network = createNetwork(config);
  try {
    await mkdir(join(out, 'images'), { recursive: true });
    listener.say(
      `${config.preset} (${config.fidelity}) from random weights, seed ${config.seed}, on ${facts.engine}: ${config.training.iterations} steps on ${COUNTS.train} images of synthetic cells`,
    );
    const before = await draw(network, demo, 'before');
    const { train: names, validation } = facts.data;
    const request = { network, dataset, train: names, validation, run, resume: start === 'resume' };
    const outcome = await (demo.train ?? train)(request);
    if (!outcome.interrupted) await show(demo, run, before, outcome);
    return outcome;
  } finally {
    network.scope.dispose();
  }
}

/** Tests the best weights, and writes the page. */
async function show(demo: Demo, run: RunFolder, before: Summary, { best, step }: TrainingOutcome): Promise<void> {
  const { out, config, facts, started, listener = nobody } = demo;
  const after = await drawBest(run, demo);
  const real = await drawReal(out);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const metrics = { ...scoresJson(after), before: before.mean, seconds, engine: facts.engine };
  await writeAtomically(join(out, 'metrics.json'), `${JSON.stringify(metrics, null, 2)}\n`);
  const log = await run.readLog();
  const page = demoPage({ config, facts, seconds, bestStep: best?.step ?? step, log, before, after, real });
  await writeAtomically(join(out, 'index.html'), page);
  listener.say(
    `${facts.data.test.length} images it never saw: ${scoresLine(after.mean)}, after ${seconds.toFixed(0)} s`,
  );
  listener.say(`a real image of stained tissue, by the model ${SHIPPED}: ${real.objects} nuclei`);
  listener.say(`look at ${join(out, 'index.html')}`);
}

function refuseExisting({ out, start }: DemoRequest): void {
  if (existsSync(join(out, 'index.html'))) {
    throw new ConfigError(`${out}: holds a finished demo; remove it or choose another --out folder`);
  }
  if (start === 'begin' && existsSync(join(out, 'run', 'config.json'))) {
    throw new ConfigError(`${out}: holds an unfinished demo; add --resume, remove it, or choose another --out folder`);
  }
}

async function openRun({ out, start, config, facts }: Demo): Promise<RunFolder> {
  const folder = join(out, 'run');
  if (start === 'begin') return RunFolder.create(folder, config, facts);
  const { run, config: saved } = await RunFolder.open(folder);
  const difference = firstDifference(saved, config);
  if (difference !== null) throw new ConfigError(`${out}: ${difference}; resume with the options it began with`);
  return run;
}

async function drawBest(run: RunFolder, demo: Demo): Promise<Summary> {
  const best = decodeNetwork(await readFile(run.bestWeights), run.bestWeights);
  try {
    return await draw(best, demo, 'after');
  } finally {
    best.scope.dispose();
  }
}

/** Draws what a model that ships finds in a real image. */
async function drawReal(out: string): Promise<{ model: string; objects: number }> {
  const { network } = await openModel(SHIPPED);
  try {
    const image = await readImage(modelFiles(SHIPPED).image);
    const { labels, instances } = await predict(network, image);
    await writeImage(join(out, 'images', 'real.png'), image);
    await writeOverlay(join(out, 'images', 'real_found.png'), image, labels);
    return { model: SHIPPED, objects: instances.length };
  } finally {
    network.scope.dispose();
  }
}

/** Scores the test images and draws them, their truth and their prediction. */
function draw(
  network: Network,
  { dataset, facts, out, listener = nobody }: Demo,
  when: 'before' | 'after',
): Promise<Summary> {
  const names = facts.data.test;
  return listener.follow(`${when} training`, names.length, async (progress) => {
    const images = [];
    for await (const { sample, prediction, scores } of predictAndScore(network, dataset, names)) {
      const file = join(out, 'images', sample.name);
      await writeImage(`${file}.png`, sample.image);
      await writeOverlay(`${file}_truth.png`, sample.image, sample.labels);
      await writeOverlay(`${file}_${when}.png`, sample.image, prediction.labels);
      images.push(scores);
      progress.update(images.length, sample.name);
    }
    return summarise(images, defaultPolicy);
  });
}
