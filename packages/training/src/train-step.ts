import { type LossName, type LossTerms, totalLoss } from '@pffnet/losses';
import { computeLosses, lossWeights, type Pffnet, type Supervision } from '@pffnet/pffnet';
import type { RgbImage } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import {
  addN,
  dispose,
  engine,
  getBackend,
  getKernel,
  type Scalar,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
  variableGrads,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Sgd } from './sgd.ts';
import { TrainingError } from './training-error.ts';

/** What one step learned from. */
export interface TrainingSample {
  readonly image: RgbImage;
  readonly supervision: Supervision;
}

/** The losses of one step, before weighting, and their weighted total. */
export type StepLosses = Readonly<Partial<Record<LossName, number>> & { total: number }>;

/** Seconds spent in each part of a step. */
export interface StepTimes {
  /** Losses, from the image to numbers. */
  readonly forward: number;
  /** Gradients and their norm. */
  readonly backward: number;
  /** On engines that compute asynchronously, what is left of it falls into the next step. */
  readonly update: number;
}

/** How long the gradients were before they were clipped. */
export interface GradientReport {
  /** L2 norm of all gradients together. */
  readonly norm: number;
  /** What they were multiplied by, so that the norm is at most `training.clipNorm`; 1 where nothing was clipped. */
  readonly clipping: number;
  /** L2 norm of each group that was asked for; their squares add up to that of `norm` where the groups hold everything. */
  readonly byGroup: Readonly<Record<string, number>>;
}

/** What a step reports. */
export interface StepResult {
  readonly losses: StepLosses;
  readonly gradients: GradientReport;
  readonly times: StepTimes;
}

/**
 * Learns from one image: losses, gradients, one update. Convolutions and products read their factors in the config's
 * `training.precision`; all else is float32.
 * @param rate - the learning rate; see {@link learningRateAt}.
 * @param groups - parameter paths by group, of which each group's gradient norm is measured; none by default.
 * @returns every loss by name, and where the time went. Leaves no tensor behind.
 * @throws TrainingError, before anything is changed, if a loss or the gradient's norm is not finite, naming which;
 * ConfigError if the engine does not have the precision.
 */
export function trainStep(
  model: Pffnet,
  optimiser: Sgd,
  sample: TrainingSample,
  rate: number,
  groups: ReadonlyMap<string, readonly string[]> = new Map(),
): StepResult {
  return withPrecision(model.config.training.precision, () => stepInPrecision(model, optimiser, sample, rate, groups));
}

function stepInPrecision(
  model: Pffnet,
  optimiser: Sgd,
  sample: TrainingSample,
  rate: number,
  groups: ReadonlyMap<string, readonly string[]>,
): StepResult {
  const weights = lossWeights(model.config.loss);
  const marks = [performance.now()];
  let losses: StepLosses = { total: 0 };
  let report: GradientReport = { norm: 0, clipping: 1, byGroup: {} };
  const { value, grads } = variableGrads(() => {
    const terms = computeLosses(model, sample.image, sample.supervision);
    const total = totalLoss(terms, weights);
    losses = readLosses(terms, total);
    marks.push(performance.now());
    return total;
  }, [...model.trainable.values()]);
  try {
    // Not before: tfjs frees what it saved for the backward pass only when that has run.
    assertFinite(losses);
    const gradients = byPath(model, grads);
    const norm = finiteNorm([...gradients.values()]);
    const clipping = clippingScale(norm, model.config.training.clipNorm);
    report = { norm, clipping, byGroup: normsByGroup(gradients, groups) };
    marks.push(performance.now());
    tidy(() => {
      optimiser.step(gradients, rate, clipping);
    });
    marks.push(performance.now());
  } finally {
    dispose([value, ...Object.values(grads)]);
  }
  const [forward, backward, update] = [1, 2, 3].map((index) => (marks[index] - marks[index - 1]) / 1000);
  return { losses, gradients: report, times: { forward, backward, update } };
}

function readLosses(terms: LossTerms, total: Scalar): StepLosses {
  const read = Object.entries({ ...terms, total }).map(([name, loss]) => [name, loss.dataSync()[0]] as const);
  return Object.fromEntries(read) as StepLosses;
}

/** The terms come before their total, so that the first that is not finite is named. */
function assertFinite(losses: StepLosses): void {
  for (const [name, loss] of Object.entries(losses)) {
    if (!Number.isFinite(loss)) {
      throw new TrainingError(`loss ${name} is ${loss}; lower training.learningRate or set training.clipNorm`);
    }
  }
}

/**
 * tfjs names gradients by its own variable names; we name them by path. A parameter that took no part in this step, such
 * as those of a branch that had no RoI, has the gradient 0: momentum and decay go on, as in PyTorch.
 */
function byPath(model: Pffnet, grads: Record<string, Tensor>): Map<string, Tensor> {
  const gradients = new Map<string, Tensor>();
  for (const [path, variable] of model.trainable) {
    grads[variable.name] ??= zerosLike(variable);
    gradients.set(path, grads[variable.name]);
  }
  return gradients;
}

function normsByGroup(
  gradients: ReadonlyMap<string, Tensor>,
  groups: ReadonlyMap<string, readonly string[]>,
): Record<string, number> {
  const of = (paths: readonly string[]): Tensor[] => paths.flatMap((path) => gradients.get(path) ?? []);
  return Object.fromEntries([...groups].map(([name, paths]) => [name, normOf(of(paths))]));
}

/** The L2 norm of all gradients together. Losses may be finite where their gradient is not. */
function finiteNorm(gradients: readonly Tensor[]): number {
  const norm = normOf(gradients);
  if (Number.isFinite(norm)) return norm;
  throw new TrainingError(
    `the gradient's norm is ${norm} although every loss is finite; lower training.learningRate or set training.clipNorm`,
  );
}

function normOf(gradients: readonly Tensor[]): number {
  if (gradients.length === 0) return 0;
  return tidy(() => sqrt(sumOfSquares(gradients)).dataSync())[0];
}

/** In one pass where the engine has registered a kernel `SumOfSquares`. */
function sumOfSquares(tensors: readonly Tensor[]): Tensor {
  if (getKernel('SumOfSquares', getBackend()) === undefined) {
    return addN(tensors.map((values) => sum(square(values))));
  }
  return engine().runKernel(
    'SumOfSquares',
    Object.fromEntries(tensors.map((values, index) => [`term${index}`, values])),
  );
}

/** What all gradients are multiplied by so that their joint norm is at most `limit`. */
function clippingScale(norm: number, limit: number | null): number {
  return limit === null || norm <= limit ? 1 : limit / norm;
}
