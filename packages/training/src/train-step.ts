import {
  decideAtOnce,
  type LabelledImage,
  type LossTerms,
  type Network,
  type Streams,
  totalLoss,
} from '@pffnet/network';
import { hasEngineKernel, runEngineKernel, withPrecision } from '@pffnet/tensor-ops';
import {
  addN,
  concat1d,
  dispose,
  keep,
  reshape,
  type Scalar,
  scalar,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { TrainingError } from '@pffnet/run-folder';
import { gatherChoices, replay } from './gather-choices.ts';
import { readsSynchronously } from './reads-synchronously.ts';
import type { Sgd } from './sgd.ts';

/** What one step learns from. */
export interface StepInputs {
  readonly sample: LabelledImage;
  /** Of this step alone. */
  readonly streams: Streams;
  /** The learning rate; see {@link learningRateAt}. */
  readonly rate: number;
  /** Parameter paths by group, of which each group's gradient norm is measured; none by default. */
  readonly groups?: Network['groups'];
}

/** The losses of one step by the names of the network's terms, before weighting, and their weighted `total`. */
export type StepLosses = Readonly<Record<string, number>> & { readonly total: number };

/**
 * Seconds spent in each part of a step. On an asynchronous engine a part lasts until its numbers have been read, so
 * that work is counted where it is awaited.
 */
export interface StepTimes {
  /** From the image to the losses. On asynchronous engines: both forward passes, without the reading of the losses. */
  readonly forward: number;
  /** Gradients and their norm; on asynchronous engines the reading of the losses too. */
  readonly backward: number;
  /** The update of the parameters. On asynchronous engines its end may fall into the next step. */
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
 * Learns from one image: losses, gradients, one update. On an engine that reads synchronously, decisions such as which
 * RoIs to learn from are taken inside the recorded forward pass. On any other a forward pass that records nothing gathers
 * them first, where there are any; the recorded one replays them, and losses and norm are awaited together. Both give the
 * same bits.
 * Convolutions and products read their factors in the config's `training.precision`; all else is float32.
 * @returns every loss by name, and where the time went. Leaves no tensor behind.
 * @throws TrainingError, before anything is changed, if a loss or the gradient's norm is not finite, naming which;
 * ConfigError if the engine does not have the precision.
 */
export async function trainStep(network: Network, optimiser: Sgd, inputs: StepInputs): Promise<StepResult> {
  const began = performance.now();
  const learn = readsSynchronously() ? learnAtOnce : learnInTwoPhases;
  const { losses, norms, gradients, forwardEnded } = await learn(network, inputs);
  const [[, norm], ...groupNorms] = norms;
  const clipping = clippingScale(norm, network.config.training.clipNorm);
  const backwardEnded = performance.now();
  try {
    tidy(() => {
      optimiser.step(gradients, inputs.rate, clipping);
    });
  } finally {
    dispose([...gradients.values()]);
  }
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  const times = {
    forward: seconds(began, forwardEnded),
    backward: seconds(forwardEnded, backwardEnded),
    update: seconds(backwardEnded, performance.now()),
  };
  return { losses, gradients: { norm, clipping, byGroup: Object.fromEntries(groupNorms) }, times };
}

/** Losses, norms and gradients of a sample, all finite. */
interface Lesson {
  readonly losses: StepLosses;
  /** L2 norms: of all gradients together, then of each group that is measured, by name. */
  readonly norms: readonly (readonly [name: string, norm: number])[];
  /** By path; whoever gets them frees them. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** When the losses were there, in milliseconds. */
  readonly forwardEnded: number;
}

/** Numbers are read as they appear. */
function learnAtOnce(network: Network, { sample, streams, groups }: StepInputs): Lesson {
  const step = network.learn(sample, streams);
  let losses: StepLosses = { total: 0 };
  let forwardEnded = 0;
  const gradients = gradientsOf(network, () => {
    const terms = decideAtOnce(step.forward());
    const total = totalLoss(terms, network.terms);
    losses = lossesOf({ ...terms, total }, (loss) => loss.dataSync()[0]);
    forwardEnded = performance.now();
    return total;
  });
  try {
    // Not before: tfjs frees what it saved for the backward pass only when that has run.
    assertFinite(losses);
    const norms = normsOf(gradients, groups).map(([name, norm]) => [name, tidy(() => norm().dataSync())[0]] as const);
    assertFiniteNorm(norms[0][1]);
    return { losses, norms, gradients, forwardEnded };
  } catch (error) {
    dispose([...gradients.values()]);
    throw error;
  }
}

/** Nothing is read inside the recorded pass, and losses and norm in one go after it. */
async function learnInTwoPhases(network: Network, { sample, streams, groups }: StepInputs): Promise<Lesson> {
  const step = network.learn(sample, streams);
  const choices = step.decides ? await gatherChoices(step, network.config.training.precision) : [];
  const kept: LossTerms = {};
  let forwardEnded = 0;
  const gradients = gradientsOf(network, () => {
    const terms = replay(step.forward(), choices);
    const total = totalLoss(terms, network.terms);
    for (const [name, loss] of Object.entries({ ...terms, total })) kept[name] = keep(loss.clone());
    forwardEnded = performance.now();
    return total;
  });
  const wanted = normsOf(gradients, groups);
  const numbers = tidy(() => {
    const scalars = [...Object.values(kept), ...wanted.map(([, norm]) => norm())];
    return concat1d(scalars.map((value) => reshape(value, [1])));
  });
  try {
    const values = await numbers.data();
    const names = Object.keys(kept);
    const losses = lossesOf(kept, (_, name) => values[names.indexOf(name)]);
    assertFinite(losses);
    const norms = wanted.map(([name], index) => [name, values[names.length + index]] as const);
    assertFiniteNorm(norms[0][1]);
    return { losses, norms, gradients, forwardEnded };
  } catch (error) {
    dispose([...gradients.values()]);
    throw error;
  } finally {
    dispose([numbers, ...Object.values(kept)]);
  }
}

/**
 * The gradient of every parameter by path; tfjs has its own names for them. A parameter that took no part in this step,
 * such as those of a branch that had no RoI, has the gradient 0: momentum and decay go on, as in PyTorch.
 */
function gradientsOf({ trainable, config }: Network, loss: () => Scalar): Map<string, Tensor> {
  const { value, grads } = withPrecision(config.training.precision, () => variableGrads(loss, [...trainable.values()]));
  value.dispose();
  const gradientOf = (variable: Variable): Tensor => grads[variable.name] ?? zerosLike(variable);
  return new Map([...trainable].map(([path, variable]) => [path, gradientOf(variable)]));
}

function lossesOf(terms: LossTerms, read: (loss: Scalar, name: string) => number): StepLosses {
  return Object.fromEntries(Object.entries(terms).map(([name, loss]) => [name, read(loss, name)])) as StepLosses;
}

/** The terms come before their total, so that the first that is not finite is named. */
function assertFinite(losses: StepLosses): void {
  for (const [name, loss] of Object.entries(losses)) {
    if (!Number.isFinite(loss)) {
      throw new TrainingError(`loss ${name} is ${loss}; lower training.learningRate or set training.clipNorm`);
    }
  }
}

/** Losses may be finite where their gradient is not. */
function assertFiniteNorm(norm: number): void {
  if (Number.isFinite(norm)) return;
  throw new TrainingError(
    `the gradient's norm is ${norm} although every loss is finite; lower training.learningRate or set training.clipNorm`,
  );
}

/** The norm of all gradients together and of each group, by name, to be computed when called for. */
function normsOf(
  gradients: ReadonlyMap<string, Tensor>,
  groups: Network['groups'] = new Map(),
): readonly (readonly [name: string, norm: () => Tensor])[] {
  const of = (paths: readonly string[]): Tensor[] => paths.flatMap((path) => gradients.get(path) ?? []);
  return [
    ['all', () => normOf([...gradients.values()])],
    ...[...groups].map(([name, paths]) => [name, () => normOf(of(paths))] as const),
  ];
}

/** The L2 norm of all tensors together. */
const normOf = (tensors: readonly Tensor[]): Tensor => (tensors.length === 0 ? scalar(0) : sqrt(sumOfSquares(tensors)));

/** In one pass where the engine has registered a kernel `SumOfSquares`. */
function sumOfSquares(tensors: readonly Tensor[]): Tensor {
  if (!hasEngineKernel('SumOfSquares')) return addN(tensors.map((values) => sum(square(values))));
  const terms = Object.fromEntries(tensors.map((values, index) => [`term${index}`, values]));
  return runEngineKernel('SumOfSquares', terms, {})[0];
}

/** What all gradients are multiplied by so that their joint norm is at most `limit`. */
function clippingScale(norm: number, limit: number | null): number {
  return limit === null || norm <= limit ? 1 : limit / norm;
}
