import { cpus } from 'node:os';
import { type LoadedBackend } from '@pffnet/backends';
import { augment, type Sample, syntheticDataset } from '@pffnet/datasets';
import { createPffnet, type Pffnet, predict, presets, resolveConfig, supervise, truthOf } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/tensor-ops/structures';
import { Sgd, type StepTimes, type TrainingSample, trainStep } from '@pffnet/training';
import { Command } from 'commander';
import { say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { collect, type ComputeOptions, loadEngine, oneOf, wholeNumber, withComputeOptions } from '../options.ts';

interface BenchOptions extends ComputeOptions {
  readonly steps: number;
  readonly set: readonly string[];
  readonly json?: true;
}

/** What was measured for one preset on one engine. */
interface BenchRow {
  readonly preset: string;
  readonly engine: string;
  readonly patch: number;
  readonly steps: number;
  /** Medians, in seconds. */
  readonly forward: number;
  readonly backward: number;
  readonly update: number;
  readonly step: number;
  readonly imagesPerSecond: number;
  readonly peakMiB: number;
}

/** `pffnet bench`. */
export function benchCommand(finish: (code: number) => void): Command {
  return withComputeOptions(new Command('bench'))
    .description('time training steps and prediction of a preset on this machine')
    .argument('[presets...]', 'smoke, small, paper', ['smoke'])
    .option('--steps <n>', 'timed steps, after one that is not counted', wholeNumber, 5)
    .option('--set <key=value>', 'change one key of the config', collect, [])
    .option('--json', 'print as JSON')
    .action(async (names: string[], options: BenchOptions) => {
      const engine = await loadEngine(options);
      const rows = [];
      for (const name of names)
        rows.push(
          await bench(oneOf(name, Object.keys(presets) as (keyof typeof presets)[], 'preset'), engine, options),
        );
      process.stdout.write(options.json === true ? `${JSON.stringify(rows, null, 2)}\n` : asTable(rows));
      finish(exitCode.done);
    });
}

async function bench(
  preset: keyof typeof presets,
  engine: LoadedBackend,
  { steps, set, seed = 0 }: BenchOptions,
): Promise<BenchRow> {
  say(`${preset} on ${engine.description}: ${steps} steps`);
  const config = resolveConfig({ base: preset, source: 'bench', settings: [`seed=${seed}`, ...set] });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  try {
    const times: StepTimes[] = [];
    for (let step = 0; step <= steps; step++) {
      const result = trainStep(model, optimiser, await benchSample(model, step), 1e-5);
      if (step > 0) times.push(result.times);
    }
    const sample = await benchImage(config.training.patch.size, 0);
    await predict(model, sample.image);
    const started = performance.now();
    await predict(model, sample.image);
    const predicting = (performance.now() - started) / 1000;
    const middle = (part: (time: StepTimes) => number): number => median(times.map(part));
    return {
      preset,
      engine: engine.description,
      patch: config.training.patch.size,
      steps,
      forward: middle((time) => time.forward),
      backward: middle((time) => time.backward),
      update: middle((time) => time.update),
      step: middle((time) => time.forward + time.backward + time.update),
      imagesPerSecond: 1 / predicting,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    optimiser.dispose();
    model.scope.dispose();
  }
}

async function benchSample(model: Pffnet, step: number): Promise<TrainingSample> {
  const { config } = model;
  const { size } = config.training.patch;
  const stream = randomStream(config.seed, `bench/${step}`);
  const patch = augment(await benchImage(size, step), config.training.augmentation, stream);
  const sampling = { anchors: stream, rois: stream };
  return { image: patch.image, supervision: supervise(truthOf(patch.labels, config.geometry), config, sampling) };
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

function asTable(rows: readonly BenchRow[]): string {
  const head = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}; medians, seconds; one image per step`;
  const lines = rows.map(
    (row) =>
      `${row.preset.padEnd(6)} ${row.patch} px  ${row.engine}: step ${row.step.toFixed(2)} (forward ${row.forward.toFixed(2)}, backward ${row.backward.toFixed(2)}, update ${row.update.toFixed(2)}); prediction ${row.imagesPerSecond.toFixed(2)} images/s; peak ${row.peakMiB.toFixed(0)} MiB`,
  );
  return `${[head, ...lines].join('\n')}\n`;
}
