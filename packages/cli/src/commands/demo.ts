import { mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, overlay, readImage, syntheticDataset, writeAtomically, writeImage } from '@pffnet/datasets';
import { defaultPolicy, summarise, type Summary } from '@pffnet/metrics';
import { createNetwork, decodeNetwork, resolveConfig } from '@pffnet/families';
import { modelFiles, openModel } from '@pffnet/models';
import { type Network, type NetworkConfig, predict } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { firstDifference, predictAndScore } from '@pffnet/training';
import { type RunFacts, RunFolder, withRunLock } from '@pffnet/run-folder';
import { Command } from 'commander';
import { scoresJson, scoresLine } from '@pffnet/evaluation';
import { demoPage, runFacts, settleScaling } from '@pffnet/runs';
import { type Call, commandLine } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, loadEngine, withComputeOptions, withSettings } from '../options.ts';
import { trainVisibly } from '../train-visibly.ts';

/** The model that ships, whose own image is segmented too. */
const SHIPPED = 'nuclei-he';

/** Images to learn from, to choose the best weights by, and to test on. */
const COUNTS = { train: 120, validation: 6, test: 12 };

interface DemoOptions extends ComputeOptions {
  readonly out: string;
  readonly set?: readonly string[];
  readonly resume?: true;
}

const explanation = `
Trains the preset smoke on drawn cells that touch and overlap, some minutes on two processors, and tests it on images
that it never saw. The model nuclei-he, which ships, segments a real image besides. <dir> gets index.html (pictures, scores, losses), metrics.json, images/ and the run folder run/.`;

/** `pffnet demo`. */
export function demoCommand(call: Call): Command {
  const command = new Command('demo')
    .option('--out <dir>', 'folder for the page and everything behind it', 'demo')
    .option('--resume', 'continue an interrupted demo');
  return withComputeOptions(withSettings(command))
    .addHelpText('after', explanation)
    .action(async (options: DemoOptions) => {
      call.finish(await demo(options, call));
    });
}

async function demo(options: DemoOptions, call: Call): Promise<number> {
  const { out, seed = 0, set = [] } = options;
  const started = performance.now();
  const config = resolveConfig({ base: 'smoke', source: 'demo', settings: [`seed=${seed}`, ...set] });
  const dataset = syntheticDataset({
    count: COUNTS.train + COUNTS.validation + COUNTS.test,
    size: config.training.patch.size,
    seed: config.seed,
  });
  const parts = {
    train: dataset.names.slice(0, COUNTS.train),
    validation: dataset.names.slice(COUNTS.train, COUNTS.train + COUNTS.validation),
    test: dataset.names.slice(COUNTS.train + COUNTS.validation),
  };
  refuseExisting(options);
  const engine = await loadEngine(options);
  const facts = await runFacts({
    engine: engine.description,
    command: commandLine(call.args),
    folder: 'synthetic cells',
    dataset,
    ...parts,
  });
  const settled = settleScaling(config, dataset);
  return withRunLock(join(out, 'run'), () => learn({ options, call, config: settled, dataset, parts, facts, started }));
}

interface Lesson {
  readonly options: DemoOptions;
  readonly call: Call;
  readonly config: NetworkConfig;
  readonly dataset: Dataset;
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', readonly string[]>>;
  readonly facts: RunFacts;
  /** Of the clock that measures the whole demo. */
  readonly started: number;
}

async function learn({ options, call, config, dataset, parts, facts, started }: Lesson): Promise<number> {
  const { out } = options;
  const run = await openRun(options, config, facts);
  const network = createNetwork(config);
  try {
    await mkdir(join(out, 'images'), { recursive: true });
    say(
      `${config.preset} (${config.fidelity}) from random weights, seed ${config.seed}, on ${facts.engine}: ${config.training.iterations} steps on ${COUNTS.train} images of synthetic cells`,
    );
    const before = await draw(network, dataset, parts.test, out, 'before');
    const outcome = await trainVisibly({ network, dataset, ...parts, run, resume: options.resume === true });
    if (outcome.interrupted) {
      const again = options.resume === true ? call.args : [...call.args, '--resume'];
      say(`stopped after step ${outcome.step}, saved; go on with: ${commandLine(again)}`);
      return exitCode.interrupted;
    }
    const after = await drawBest(run, dataset, parts.test, out);
    const real = await drawReal(out);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const metrics = { ...scoresJson(after), before: before.mean, seconds, engine: facts.engine };
    await writeAtomically(join(out, 'metrics.json'), utf8(`${JSON.stringify(metrics, null, 2)}\n`));
    const page = demoPage({
      config,
      facts,
      seconds,
      bestStep: outcome.best?.step ?? outcome.step,
      log: await run.readLog(),
      before,
      after,
      real,
    });
    await writeAtomically(join(out, 'index.html'), utf8(page));
    say(`${parts.test.length} images it never saw: ${scoresLine(after.mean)}, after ${seconds.toFixed(0)} s`);
    say(`a real image of stained tissue, by the model ${SHIPPED}: ${real.objects} nuclei`);
    say(`look at ${join(out, 'index.html')}`);
    return exitCode.done;
  } finally {
    network.scope.dispose();
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function refuseExisting({ out, resume }: DemoOptions): void {
  if (existsSync(join(out, 'index.html'))) {
    throw new ConfigError(`${out}: holds a finished demo; remove it or choose another --out folder`);
  }
  if (resume !== true && existsSync(join(out, 'run', 'config.json'))) {
    throw new ConfigError(`${out}: holds an unfinished demo; add --resume, remove it, or choose another --out folder`);
  }
}

async function openRun({ out, resume }: DemoOptions, config: NetworkConfig, facts: RunFacts): Promise<RunFolder> {
  const folder = join(out, 'run');
  if (resume !== true) return RunFolder.create(folder, config, facts);
  const { run, config: saved } = await RunFolder.open(folder);
  const difference = firstDifference(saved, config);
  if (difference !== null) throw new ConfigError(`${out}: ${difference}; resume with the options it began with`);
  return run;
}

async function drawBest(run: RunFolder, dataset: Dataset, names: readonly string[], out: string): Promise<Summary> {
  const best = decodeNetwork(await readFile(run.bestWeights), run.bestWeights);
  try {
    return await draw(best, dataset, names, out, 'after');
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
    await writeImage(join(out, 'images', 'real_found.png'), overlay(image, labels));
    return { model: SHIPPED, objects: instances.length };
  } finally {
    network.scope.dispose();
  }
}

/** Scores the images and draws them, their truth and their prediction. */
function draw(
  network: Network,
  dataset: Dataset,
  names: readonly string[],
  out: string,
  when: 'before' | 'after',
): Promise<Summary> {
  return withProgress(`${when} training`, names.length, async (progress) => {
    const images = [];
    for await (const { sample, prediction, scores } of predictAndScore(network, dataset, names)) {
      const file = join(out, 'images', sample.name);
      await writeImage(`${file}.png`, sample.image);
      await writeImage(`${file}_truth.png`, overlay(sample.image, sample.labels));
      await writeImage(`${file}_${when}.png`, overlay(sample.image, prediction.labels));
      images.push(scores);
      progress.update(images.length, sample.name);
    }
    return summarise(images, defaultPolicy);
  });
}
