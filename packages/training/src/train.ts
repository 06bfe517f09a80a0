import { existsSync } from 'node:fs';
import type { Dataset } from '@pffnet/datasets';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import { checkTerms, type Network, type Streams } from '@pffnet/network';
import { DeviceError, randomStream } from '@pffnet/structures';
import { type RunFolder, TrainingError } from '@pffnet/run-folder';
import { type Progress, restoreCheckpoint, saveCheckpoint, saveWeights, type TrainingState } from './checkpoint.ts';
import { EventFile } from './event-file.ts';
import { learningRateAt } from './learning-rate.ts';
import { PatchSource } from './patch-source.ts';
import { Sgd } from './sgd.ts';
import { type GradientReport, type StepLosses, trainStep } from './train-step.ts';
import { predictAndScore } from './validate.ts';
import { WeightAverage } from './weight-average.ts';

/** Steps from one report of gradients to the next, beginning with the first. */
const GRADIENTS_EVERY = 25;

/** What a run learns from, where it is kept, and who watches. */
export interface TrainingRequest {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly train: readonly string[];
  /** Images whose AJI chooses `best`; may be empty: then the last weights are the best. */
  readonly validation: readonly string[];
  readonly run: RunFolder;
  readonly resume: boolean;
  /** Aborted to stop after the current step, saved. */
  readonly signal?: AbortSignal;
  readonly onStep?: (report: StepReport) => void;
  readonly onValidation?: (report: ValidationReport) => void;
}

/** One update. */
export interface StepReport {
  /** Updates done, this one included. */
  readonly step: number;
  readonly iterations: number;
  readonly losses: StepLosses;
  readonly learningRate: number;
  readonly seconds: number;
}

/** One validation. */
export interface ValidationReport {
  readonly step: number;
  readonly aji: number | null;
  readonly dice: number | null;
  readonly f1: number | null;
  readonly pq: number | null;
  readonly best: boolean;
}

/** How training ended; interrupted runs are saved and can be resumed. */
export interface TrainingOutcome extends Progress {
  readonly interrupted: boolean;
}

/**
 * Trains until the config's last iteration or an abort. Every `validateEvery` steps, and at the end, the network is
 * scored on the validation images and saved: `last` with all that resuming needs, `best` by AJI for prediction.
 * @throws TrainingError if a loss or gradient is not finite, DeviceError if the GPU refuses a command, runs out of memory or
 * is gone: both name the step and what stays saved; DataError or ConfigError if the images or the checkpoint to resume
 * from are of no use.
 */
export async function train(request: TrainingRequest): Promise<TrainingOutcome> {
  const { network, run, signal } = request;
  const { training, seed } = network.config;
  checkTerms(network.terms);
  const patches = new PatchSource(request.dataset, request.train, network.config);
  const state = initialState(network);
  let events: EventFile | undefined;
  let progress: Progress = { step: 0, best: null };
  let saved = 0;
  try {
    if (request.resume && existsSync(run.lastCheckpoint)) {
      progress = await restoreCheckpoint(run.lastCheckpoint, network, state);
      saved = progress.step;
    }
    await run.truncateLog(progress.step);
    events = await EventFile.create(run.path);
    while (progress.step < training.iterations && signal?.aborted !== true) {
      const started = performance.now();
      const rate = learningRateAt(progress.step, training);
      const watched = progress.step % GRADIENTS_EVERY === 0 ? { groups: network.groups } : undefined;
      const sample = await patches.draw(progress.step);
      const inputs = { sample, streams: streamsOf(seed, progress.step), rate, ...watched };
      const { losses, gradients } = await trainStep(network, state.optimiser, inputs);
      state.average?.update(progress.step);
      const seconds = (performance.now() - started) / 1000;
      progress = { ...progress, step: progress.step + 1 };
      const { step } = progress;
      await run.log({ step, learningRate: rate, seconds, ...losses, ...(watched && { gradients }) });
      await events.scalars(step, {
        ...prefixed('loss/', losses),
        learningRate: rate,
        ...(watched && gradientScalars(gradients)),
      });
      request.onStep?.({ step, iterations: training.iterations, losses, learningRate: rate, seconds });
      if (step % training.validateEvery === 0 || step === training.iterations) {
        progress = await validate(request, state, progress, events);
        await saveCheckpoint(run.lastCheckpoint, network, state, progress);
        saved = step;
      }
      // Let signals and timers through: a step is one long synchronous stretch.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const interrupted = progress.step < training.iterations;
    if (interrupted) await saveCheckpoint(run.lastCheckpoint, network, state, progress);
    return { ...progress, interrupted };
  } catch (error) {
    throw error instanceof TrainingError || error instanceof DeviceError
      ? atStep(progress.step + 1, saved, error)
      : error;
  } finally {
    state.optimiser.dispose();
    state.average?.dispose();
    await events?.close();
  }
}

function initialState({ trainable, config }: Network): TrainingState {
  const { weightAverage } = config.training;
  const average = weightAverage.kind === 'none' ? null : new WeightAverage(trainable, weightAverage.decay);
  return { optimiser: new Sgd(trainable, config.training), average };
}

/** The random streams of one step. */
const streamsOf =
  (seed: number, step: number): Streams =>
  (purpose) =>
    randomStream(seed, `${purpose}/${step}`);

/** The same error, and what it leaves. */
function atStep(step: number, saved: number, cause: TrainingError | DeviceError): TrainingError | DeviceError {
  const kept = saved === 0 ? 'nothing was saved yet' : `what was saved at step ${saved} is kept`;
  const message = `step ${step}: ${cause.message}; ${kept}`;
  return cause instanceof DeviceError ? new DeviceError(message, { cause }) : new TrainingError(message, { cause });
}

/** Scores the weights, or their averages where the config wants them, and keeps them if they are the best so far. */
function validate(
  request: TrainingRequest,
  { average }: TrainingState,
  progress: Progress,
  events: EventFile,
): Promise<Progress> {
  const score = (): Promise<Progress> => scoreAndKeep(request, progress, events);
  return average === null ? score() : average.within(score);
}

async function scoreAndKeep(request: TrainingRequest, progress: Progress, events: EventFile): Promise<Progress> {
  const { network, run } = request;
  const images = [];
  for await (const { scores } of predictAndScore(network, request.dataset, request.validation)) images.push(scores);
  const { aji, dice, f1, pq } =
    images.length > 0 ? summarise(images, defaultPolicy).mean : { aji: null, dice: null, f1: null, pq: null };
  const { step } = progress;
  // Without an AJI (no validation image, or nothing in them and nothing found) the newest weights count as the best.
  const best = progress.best === null || aji === null || aji > (progress.best.aji ?? 0);
  if (best) await saveWeights(run.bestWeights, network, { step: String(step), validationAji: String(aji) });
  const report: ValidationReport = { step, aji, dice, f1, pq, best };
  await run.log({ ...report, kind: 'validation' });
  const known = Object.entries({ aji, dice, f1, pq }).filter((entry): entry is [string, number] => entry[1] !== null);
  await events.scalars(step, prefixed('validation/', Object.fromEntries(known)));
  request.onValidation?.(report);
  return best ? { ...progress, best: { aji, step } } : progress;
}

/** By TensorBoard's tags. */
const gradientScalars = ({ norm, clipping, byGroup }: GradientReport): Record<string, number> =>
  prefixed('gradient/', { all: norm, clipping, ...byGroup });

const prefixed = (prefix: string, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
