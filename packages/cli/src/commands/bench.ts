import { cpus } from 'node:os';
import type { LoadedBackend } from '@pffnet/backends';
import { augment, type Sample, syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { type Network, predict } from '@pffnet/network';
import { type RandomStream, randomStream } from '@pffnet/structures';
import { Sgd, type StepInputs, type StepTimes, trainStep } from '@pffnet/training';
import { Argument, Command } from 'commander';
import { counted, textTable } from '@pffnet/pages/text';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, loadEngine, positiveNumber, withComputeOptions, withSettings } from '../options.ts';

interface BenchOptions extends ComputeOptions {
  readonly steps: number;
  readonly profile?: string;
  readonly variant?: string;
  readonly set?: readonly string[];
  readonly json?: true;
}

/** What was measured for one preset on one engine. */
interface BenchRow {
  readonly preset: string;
  readonly engine: string;
  /** Side of the square training patch and of the predicted image, in pixels. */
  readonly patch: number;
  readonly steps: number;
  /** Medians over the steps, in seconds; `step` is their sum, step by step. */
  readonly forward: number;
  readonly backward: number;
  readonly update: number;
  readonly step: number;
  /** Predicted images. */
  readonly imagesPerSecond: number;
  /** Most memory that the process had held when the preset was done. */
  readonly peakMiB: number;
}

/** Objects in the predicted image, at most: weights that have learned nothing find one at every proposal. */
const OBJECTS = 100;

/** The smallest first: the peak of memory is the process's, and a later preset must not show an earlier one's. */
const presetNames = ['smoke', 'small', 'paper'] as const;

const explanation = `
Each step learns from one synthetic image of the preset's patch size, as crowded as those of the demo. Presets run in the
order smoke, small, paper. Times are medians in seconds. Images per second count predictions of images of that size, with
at most 100 objects each. Memory is the peak of the process.

Examples:
  pffnet bench smoke small
  pffnet bench small --backend wasm --steps 10 --json`;

/** `pffnet bench`. */
export function benchCommand(call: Call): Command {
  const command = new Command('bench')
    .addArgument(new Argument('[presets...]', 'the networks to time').choices(presetNames).default(['smoke'], 'smoke'))
    .option('--steps <n>', 'timed steps, after one that is not counted', positiveNumber, 5)
    .option('--profile <name>', "the paper's settings per data set: kumar, tnbc, bbbc039, cpm17, cvppp")
    .option('--variant <name>', 'a network of the paper on those presets, see pffnet train --help')
    .option('--json', 'print as JSON');
  return withComputeOptions(withSettings(command))
    .addHelpText('after', explanation)
    .action(async (names: string[], options: BenchOptions) => {
      const engine = await loadEngine(options);
      const rows: BenchRow[] = [];
      try {
        for (const preset of presetNames.filter((name) => names.includes(name))) {
          rows.push(await bench(preset, engine, options));
        }
      } finally {
        // What was measured before one preset failed is not lost.
        if (rows.length > 0)
          process.stdout.write(options.json === true ? `${JSON.stringify(rows, null, 2)}\n` : asText(rows));
      }
      call.finish(exitCode.done);
    });
}

async function bench(
  preset: (typeof presetNames)[number],
  engine: LoadedBackend,
  { steps, profile, variant, set = [], seed = 0 }: BenchOptions,
): Promise<BenchRow> {
  const config = resolveConfig({
    base: preset,
    source: 'bench',
    ...(profile === undefined ? {} : { profile }),
    ...(variant === undefined ? {} : { variant }),
    settings: [`seed=${seed}`, ...set],
  });
  const { size } = config.training.patch;
  say(
    `${preset} on ${engine.description}: ${counted(steps, 'step')} of one ${size} x ${size} patch, then a prediction`,
  );
  const network = createNetwork(config);
  const optimiser = new Sgd(network.trainable, config.training);
  try {
    const times = await withProgress(preset, steps + 1, async (progress) => {
      const timed: StepTimes[] = [];
      for (let step = 0; step <= steps; step++) {
        const result = await trainStep(network, optimiser, await benchInputs(network, step));
        if (step > 0) timed.push(result.times);
        progress.update(step + 1, '');
      }
      return timed;
    });
    const { image, labels } = await benchImage(size, 0);
    const rule = { ...config.test, ...('limit' in config.test ? { limit: OBJECTS } : {}) };
    const clicks = network.clicksFor?.(labels);
    await predict(network, image, rule, 1, clicks);
    const started = performance.now();
    await predict(network, image, rule, 1, clicks);
    const predicting = (performance.now() - started) / 1000;
    const middle = (part: (time: StepTimes) => number): number => rounded(median(times.map(part)));
    return {
      preset,
      engine: engine.description,
      patch: size,
      steps,
      forward: middle((time) => time.forward),
      backward: middle((time) => time.backward),
      update: middle((time) => time.update),
      step: middle((time) => time.forward + time.backward + time.update),
      imagesPerSecond: rounded(1 / predicting),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    optimiser.dispose();
    network.scope.dispose();
  }
}

/** The patch of a step, augmented, with a rate so low that the network hardly changes. */
async function benchInputs({ config }: Network, step: number): Promise<StepInputs> {
  const { seed, training } = config;
  const streams = (purpose: string): RandomStream => randomStream(seed, `bench/${purpose}/${step}`);
  const sample = augment(await benchImage(training.patch.size, step), training.augmentation, streams('augment'));
  return { sample, streams, rate: 1e-5 };
}

/** A synthetic image whose cells are as dense as the demo's. */
function benchImage(size: number, index: number): Promise<Sample> {
  const dataset = syntheticDataset({ count: index + 1, size, seed: 0 });
  return dataset.load(dataset.names[index]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function asText(rows: readonly BenchRow[]): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}; ${rows[0].engine}`;
  const cells = rows.map((row) => [
    row.preset,
    `${row.patch}`,
    ...[row.forward, row.backward, row.update, row.step].map((seconds) => seconds.toFixed(2)),
    row.imagesPerSecond.toFixed(2),
    `${row.peakMiB}`,
  ]);
  const head = ['preset', 'patch', 'forward', 'backward', 'update', 'step', 'images/s', 'peak MiB'];
  return `${machine}\nmedian seconds of a training step; predicted images per second\n\n${textTable([head, ...cells])}`;
}
