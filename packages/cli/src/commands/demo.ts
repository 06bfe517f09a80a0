import { mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, overlay, syntheticDataset, writeImage } from '@pffnet/datasets';
import { defaultPolicy, summarise, type Summary } from '@pffnet/metrics';
import { createPffnet, decodeModel, type Pffnet, resolveConfig } from '@pffnet/pffnet';
import { ConfigError } from '@pffnet/tensor-ops/structures';
import { predictAndScore, RunFolder, train } from '@pffnet/training';
import { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { progressBar, say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { collect, type ComputeOptions, loadEngine, withComputeOptions } from '../options.ts';
import { demoPage } from '../page/demo-page.ts';
import { runFacts } from '../run-facts.ts';
import { scoresLine } from '../scores-text.ts';
import { untilInterrupted } from '../until-interrupted.ts';

/** Images to learn from, to choose the best weights by, and to test on. */
const COUNTS = { train: 48, validation: 4, test: 8 };

interface DemoOptions extends ComputeOptions {
  readonly out: string;
  readonly set: readonly string[];
}

/** `pffnet demo`. */
export function demoCommand(finish: (code: number) => void): Command {
  return withComputeOptions(new Command('demo'))
    .description('synthetic cells: train, predict, evaluate, report; needs no data')
    .option('--out <dir>', 'folder for the page and everything behind it', 'demo')
    .option('--set <key=value>', 'change one key of the config, such as training.iterations=50', collect, [])
    .action(async (options: DemoOptions) => {
      finish(await demo(options));
    });
}

async function demo(options: DemoOptions): Promise<number> {
  const { out, seed = 0 } = options;
  if (existsSync(join(out, 'index.html')) || existsSync(join(out, 'run'))) {
    throw new ConfigError(`${out}: holds a demo already; remove it or choose another --out folder`);
  }
  const started = performance.now();
  const engine = await loadEngine(options);
  const config = resolveConfig({ base: 'smoke', source: 'demo', settings: [`seed=${seed}`, ...options.set] });
  const dataset = syntheticDataset({
    count: COUNTS.train + COUNTS.validation + COUNTS.test,
    size: config.training.patch.size,
    seed,
  });
  const parts = {
    train: dataset.names.slice(0, COUNTS.train),
    validation: dataset.names.slice(COUNTS.train, COUNTS.train + COUNTS.validation),
    test: dataset.names.slice(COUNTS.train + COUNTS.validation),
  };
  await mkdir(join(out, 'images'), { recursive: true });
  say(`PFFNet (smoke) on ${engine.description}: ${config.training.iterations} steps on synthetic cells`);

  const run = await RunFolder.create(
    join(out, 'run'),
    config,
    await runFacts({ engine: engine.description, folder: 'synthetic cells', dataset, ...parts }),
  );
  const model = createPffnet(config);
  try {
    const before = await draw(model, dataset, parts.test, out, 'before');
    const bar = progressBar('training', config.training.iterations);
    const outcome = await untilInterrupted((signal) =>
      train({
        model,
        dataset,
        ...parts,
        run,
        resume: false,
        signal,
        onStep: ({ step, losses }) => {
          bar.update(step, `loss ${losses.total.toFixed(3)}`);
        },
        onValidation: ({ step, aji }) => {
          say(`\nstep ${step}: validation AJI ${aji?.toFixed(3) ?? 'undefined'}`);
        },
      }),
    ).finally(() => {
      bar.stop();
    });
    if (outcome.interrupted) return exitCode.interrupted;
    const after = await drawBest(run, dataset, parts.test, out);
    const seconds = (performance.now() - started) / 1000;
    await writeFileAtomic(
      join(out, 'metrics.json'),
      `${JSON.stringify({ ...after, before: before.mean, seconds, engine: engine.description }, null, 2)}\n`,
    );
    const page = demoPage({
      engine: engine.description,
      seconds,
      steps: outcome.step,
      log: await run.readLog(),
      before,
      after,
      names: parts.test,
    });
    await writeFileAtomic(join(out, 'index.html'), page);
    say(`held-out images: ${scoresLine(after.mean)} after ${seconds.toFixed(0)} s; open ${join(out, 'index.html')}`);
    return exitCode.done;
  } finally {
    model.scope.dispose();
  }
}

async function drawBest(run: RunFolder, dataset: Dataset, names: readonly string[], out: string): Promise<Summary> {
  const best = decodeModel(await readFile(run.bestWeights), run.bestWeights);
  try {
    return await draw(best, dataset, names, out, 'after');
  } finally {
    best.scope.dispose();
  }
}

/** Scores the images and draws them, their truth and their prediction. */
async function draw(
  model: Pffnet,
  dataset: Dataset,
  names: readonly string[],
  out: string,
  when: 'before' | 'after',
): Promise<Summary> {
  const images = [];
  for await (const { sample, prediction, scores } of predictAndScore(model, dataset, names)) {
    const file = join(out, 'images', sample.name);
    await writeImage(`${file}.png`, sample.image);
    await writeImage(`${file}_truth.png`, overlay(sample.image, sample.labels));
    await writeImage(`${file}_${when}.png`, overlay(sample.image, prediction.labels));
    images.push(scores);
  }
  return summarise(images, defaultPolicy);
}
