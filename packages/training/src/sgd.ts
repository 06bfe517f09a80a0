import type { NetworkConfig } from '@pffnet/network';
import type { SgdUpdateAttributes } from '@pffnet/structures';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { hasEngineKernel, readVariables, restoreVariables, runEngineKernel } from '@pffnet/tensor-ops';
import { add, mul, sub, type Tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';

type SgdConfig = Pick<NetworkConfig['training'], 'momentum' | 'weightDecay' | 'biasRateFactor'>;

/**
 * Stochastic gradient descent with momentum, as PyTorch writes it: v <- m * v + (g + d * p), p <- p - rate * v, with v
 * = 0 before the first step. Biases and group-norm shifts have no decay (d = 0) and `biasRateFactor` times the rate.
 * @remarks Source: Section IV-C; sources.md row P27. An engine may register a kernel `SgdUpdate`, which replaces the
 * five kernels of an update.
 */
export class Sgd {
  readonly #config: SgdConfig;
  readonly #parameters: ReadonlyMap<string, Variable>;
  readonly #velocities = new Map<string, Variable>();

  /** @param parameters - what may change, by path; borrowed. */
  constructor(parameters: ReadonlyMap<string, Variable>, config: SgdConfig) {
    this.#config = config;
    this.#parameters = parameters;
    for (const [path, { shape }] of parameters)
      this.#velocities.set(
        path,
        tidy(() => variable(zeros(shape))),
      );
  }

  /**
   * Takes one step.
   * @param gradients - one per parameter, by path; borrowed.
   * @param rate - the learning rate of weights.
   * @param gradientScale - what every gradient is multiplied by first.
   */
  step(gradients: ReadonlyMap<string, Tensor>, rate: number, gradientScale = 1): void {
    const { momentum, weightDecay, biasRateFactor } = this.#config;
    for (const [path, velocity] of this.#velocities) {
      const parameter = this.#parameters.get(path);
      const gradient = gradients.get(path);
      if (parameter === undefined || gradient === undefined) throw new Error(`Sgd: there is no gradient for ${path}`);
      const update = isBias(path)
        ? { momentum, weightDecay: 0, rate: rate * biasRateFactor, gradientScale }
        : { momentum, weightDecay, rate, gradientScale };
      tidy(() => {
        const [newParameter, newVelocity] = descend(parameter, velocity, gradient, update);
        velocity.assign(newVelocity);
        parameter.assign(newParameter);
      });
    }
  }

  /** @returns the velocity of every parameter, by path. */
  state(): Promise<Map<string, PlainTensor>> {
    return readVariables(this.#velocities);
  }

  /** Continues from velocities that {@link state} gave. */
  restore(state: ReadonlyMap<string, PlainTensor>): void {
    restoreVariables(this.#velocities, state, 'velocity');
  }

  /** Frees the velocities. */
  dispose(): void {
    for (const velocity of this.#velocities.values()) velocity.dispose();
    this.#velocities.clear();
  }
}

/**
 * @returns the new parameter and the new velocity: in one pass where the engine has registered a kernel `SgdUpdate`.
 */
function descend(parameter: Tensor, velocity: Tensor, gradient: Tensor, update: SgdUpdateAttributes): [Tensor, Tensor] {
  if (hasEngineKernel('SgdUpdate')) {
    const [newParameter, newVelocity] = runEngineKernel('SgdUpdate', { parameter, velocity, gradient }, update);
    return [newParameter, newVelocity];
  }
  const { momentum, weightDecay, rate, gradientScale } = update;
  const scaled = gradientScale === 1 ? gradient : mul(gradient, gradientScale);
  const slope = weightDecay === 0 ? scaled : add(scaled, mul(parameter, weightDecay));
  const newVelocity = add(mul(velocity, momentum), slope);
  return [sub(parameter, mul(newVelocity, rate)), newVelocity];
}

/** A bias, or the shift of a normalisation, which the authors' rule catches too. */
function isBias(path: string): boolean {
  return path.endsWith('/bias') || path.endsWith('/shift');
}
