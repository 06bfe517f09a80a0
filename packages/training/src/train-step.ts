import type { LossName } from '@pffnet/losses';
import { totalLoss } from '@pffnet/losses';
import { computeLosses, lossWeights, type Pffnet, type Supervision } from '@pffnet/pffnet';
import type { RgbImage } from '@pffnet/tensor-ops/structures';
import {
  addN,
  dispose,
  keep,
  mul,
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

/** Seconds spent in each part of a step; on engines that compute asynchronously the parts run into each other. */
export interface StepTimes {
  readonly forward: number;
  readonly backward: number;
  readonly update: number;
}

/** What a step reports. */
export interface StepResult {
  readonly losses: StepLosses;
  readonly times: StepTimes;
}

/**
 * Learns from one image: losses, gradients, one update.
 * @param rate - the learning rate; see {@link learningRateAt}.
 * @returns every loss by name, and where the time went. Leaves no tensor behind.
 * @throws TrainingError, before anything is changed, if a loss or the gradient's norm is not finite, naming which.
 */
export function trainStep(model: Pffnet, optimiser: Sgd, sample: TrainingSample, rate: number): StepResult {
  const weights = lossWeights(model.config.loss);
  const terms = new Map<LossName, Scalar>();
  const marks = [performance.now()];
  const mark = (): number => marks.push(performance.now());
  const { value, grads } = variableGrads(() => {
    const losses = computeLosses(model, sample.image, sample.supervision);
    for (const [name, loss] of Object.entries(losses)) terms.set(name as LossName, keep(loss));
    const total = totalLoss(losses, weights);
    mark();
    return total;
  }, [...model.trainable.values()]);
  try {
    const losses = readLosses(terms, value);
    mark();
    const gradients = byPath(model, grads);
    tidy(() => {
      optimiser.step(clip(gradients, model.config.training.clipNorm), rate);
    });
    mark();
    const [forward, backward, update] = [1, 2, 3].map((index) => (marks[index] - marks[index - 1]) / 1000);
    return { losses, times: { forward, backward, update } };
  } finally {
    dispose([value, ...terms.values(), ...Object.values(grads)]);
  }
}

function readLosses(terms: ReadonlyMap<LossName, Scalar>, total: Scalar): StepLosses {
  const losses: Record<string, number> = {};
  for (const [name, loss] of [...terms, ['total', total] as const]) {
    const [number] = loss.dataSync();
    if (!Number.isFinite(number)) {
      throw new TrainingError(`loss ${name} is ${number}; lower training.learningRate or set training.clipNorm`);
    }
    losses[name] = number;
  }
  return losses as StepLosses;
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

/** Scales all gradients so that their joint L2 norm is at most `limit`. */
function clip(gradients: Map<string, Tensor>, limit: number | null): Map<string, Tensor> {
  if (limit === null) return gradients;
  const [norm] = sqrt(addN([...gradients.values()].map((gradient) => sum(square(gradient))))).dataSync();
  if (!Number.isFinite(norm)) {
    throw new TrainingError(
      `the gradient's norm is ${norm} although every loss is finite; lower training.learningRate`,
    );
  }
  if (norm <= limit) return gradients;
  return new Map([...gradients].map(([path, gradient]) => [path, mul(gradient, limit / norm)]));
}
