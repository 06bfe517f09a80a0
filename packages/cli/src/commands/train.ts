import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { importBackboneWeights } from '@pffnet/backbone';
import { createPffnet, type PffnetConfig, resolveConfig, vary } from '@pffnet/pffnet';
import { type Dataset, openDataset, readSplit, selectFold } from '@pffnet/datasets';
import { ConfigError, DataError, randomStream, shuffle } from '@pffnet/tensor-ops/structures';
import { firstDifference, RunFolder, train } from '@pffnet/training';
import { Command } from 'commander';
import { progressBar, say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { collect, type ComputeOptions, loadEngine, wholeNumber, withComputeOptions } from '../options.ts';
import { runFacts } from '../run-facts.ts';
import { scoreRun } from '../score-run.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface TrainOptions extends ComputeOptions {
  readonly config: string;
  readonly profile?: string;
  readonly set: readonly string[];
  readonly data: string;
  readonly split?: string;
  readonly column: string;
  readonly fold?: string;
  readonly validation: number;
  readonly out: string;
  readonly resume?: true;
}

/** `pffnet train`. */
export function trainCommand(finish: (code: number) => void): Command {
  return withComputeOptions(new Command('train'))
    .description('train a network on images and their label maps')
    .requiredOption('--config <preset|file>', 'paper, small, smoke, or a JSON file')
    .option('--profile <name>', "the paper's settings per data set: kumar, tnbc, bbbc039, cvppp")
    .option('--set <key=value>', 'change one key of the config, such as loss.alpha1=1', collect, [])
    .requiredOption('--data <dir>', 'data set: images/ and labels/')
    .option('--split <csv>', 'file with a column `name` and a column that says which fold an image is in')
    .option('--column <name>', 'that column', 'fold')
    .option('--fold <value>', 'images of this fold are kept for the test')
    .option('--validation <n>', 'training images held out to choose the best weights', wholeNumber, 4)
    .requiredOption('--out <run>', 'folder of the run')
    .option('--resume', 'continue the run in that folder')
    .action(async (options: TrainOptions) => {
      finish(await runTraining(options));
    });
}

async function runTraining(options: TrainOptions): Promise<number> {
  const config = await requestedConfig(options);
  const dataset = await openDataset(options.data);
  const parts = await divide(dataset, options, config.seed);
  const engine = await loadEngine(options);
  const run = await openRun(options, config, async () =>
    runFacts({ engine: engine.description, folder: options.data, dataset, ...parts }),
  );
  const model = createPffnet(config);
  try {
    if (config.backbone.init !== 'random' && options.resume !== true) {
      const { values } = importBackboneWeights(
        await readFile(config.backbone.init),
        config.backbone,
        config.backbone.init,
      );
      model.scope.assign(new Map([...values].map(([path, value]) => [`backbone/${path}`, value])));
    }
    say(
      `${config.preset} (${config.fidelity}) from ${config.backbone.init} weights on ${engine.description}; ${parts.train.length} images to learn from, ${parts.validation.length} to choose by, ${parts.test.length} to test on`,
    );
    const bar = progressBar('training', config.training.iterations);
    const outcome = await untilInterrupted((signal) =>
      train({
        model,
        dataset,
        ...parts,
        run,
        resume: options.resume === true,
        signal,
        onStep: ({ step, losses, seconds }) => {
          bar.update(step, `${seconds.toFixed(2)} s/step  loss ${losses.total.toFixed(3)}`);
        },
        onValidation: ({ step, aji, pq, best }) => {
          if (aji !== null)
            say(
              `\nstep ${step}: AJI ${aji.toFixed(4)}, PQ ${pq?.toFixed(4) ?? 'undefined'}${best ? ', the best so far' : ''}`,
            );
        },
      }),
    ).finally(() => {
      bar.stop();
    });
    if (outcome.interrupted) {
      say(`\nstopped after step ${outcome.step}, saved; go on with the same command and --resume`);
      return exitCode.interrupted;
    }
    say(`done: weights in ${run.bestWeights} (step ${outcome.best?.step ?? outcome.step})`);
    if (parts.test.length > 0) await scoreRun(run, dataset, parts.test);
    return exitCode.done;
  } finally {
    model.scope.dispose();
  }
}

async function requestedConfig(options: TrainOptions): Promise<PffnetConfig> {
  const settings = options.seed === undefined ? options.set : [`seed=${options.seed}`, ...options.set];
  const profile = options.profile === undefined ? {} : { profile: options.profile };
  const base = options.config.endsWith('.json') ? await readConfigFile(options.config) : options.config;
  const config = resolveConfig({
    base,
    source: options.config.endsWith('.json') ? options.config : '--config',
    ...profile,
    settings,
  });
  const { init } = config.backbone;
  if (init === 'random') return config;
  // Kernels learned on images of one normalisation need the same one; `--set input…` still has the last word.
  if (!existsSync(init))
    throw new ConfigError(`backbone.init: there is no file ${init}; expected random or a safetensors file`);
  const { input } = importBackboneWeights(await readFile(init), config.backbone, init);
  return options.set.some((text) => text.startsWith('input'))
    ? config
    : vary(config, { input: { ...input, mean: [...input.mean], deviation: [...input.deviation] } });
}

async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) throw new ConfigError(`--config: there is no file ${path}; expected a preset or a JSON file`);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigError(`${path}: not JSON (${(error as Error).message})`);
  }
}

interface Parts {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

async function divide(dataset: Dataset, options: TrainOptions, seed: number): Promise<Parts> {
  const { names } = dataset;
  if ((options.split === undefined) !== (options.fold === undefined)) {
    throw new ConfigError(
      '--split and --fold go together: a CSV file, and the value of its column that marks the test images',
    );
  }
  const { train, test } =
    options.split === undefined || options.fold === undefined
      ? { train: [...names], test: [] }
      : selectFold(dataset.names, await readSplit(options.split, options.column), options.fold);
  if (options.validation >= train.length) {
    throw new DataError(
      `${options.data}: ${train.length} training images, of which --validation ${options.validation} leaves none to learn from`,
    );
  }
  const order = shuffle([...train], randomStream(seed, 'validation'));
  const validation = order.slice(0, options.validation).sort();
  return { train: train.filter((name) => !validation.includes(name)), validation, test };
}

async function openRun(
  { out, resume }: TrainOptions,
  config: PffnetConfig,
  facts: () => ReturnType<typeof runFacts>,
): Promise<RunFolder> {
  if (resume !== true) return RunFolder.create(out, config, await facts());
  const { run, config: saved } = await RunFolder.open(out);
  const difference = firstDifference(saved, config);
  if (difference !== null) throw new ConfigError(`${out}: ${difference}; resume with the config of the run`);
  return run;
}
