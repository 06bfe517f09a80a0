import type { PffnetConfig } from '@pffnet/pffnet';
import type { PlainTensor } from '@pffnet/tensor-ops/safetensors';
import { add, mul, sub, type Tensor, tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';

type SgdConfig = Pick<PffnetConfig['training'], 'momentum' | 'weightDecay' | 'biasRateFactor'>;

/**
 * Stochastic gradient descent with momentum, as PyTorch writes it: v <- m * v + (g + d * p), p <- p - rate * v, with v = 0
 * before the first step. Biases and group-norm shifts have no decay (d = 0) and `biasRateFactor` times the rate.
 * @remarks Source: Section IV-C; methods 1.6.
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
   */
  step(gradients: ReadonlyMap<string, Tensor>, rate: number): void {
    const { momentum, weightDecay, biasRateFactor } = this.#config;
    for (const [path, velocity] of this.#velocities) {
      const parameter = this.#parameters.get(path);
      const gradient = gradients.get(path);
      if (parameter === undefined || gradient === undefined) throw new Error(`Sgd: there is no gradient for ${path}`);
      tidy(() => {
        const bias = isBias(path);
        const slope = bias ? gradient : add(gradient, mul(parameter, weightDecay));
        velocity.assign(add(mul(velocity, momentum), slope));
        parameter.assign(sub(parameter, mul(velocity, bias ? rate * biasRateFactor : rate)));
      });
    }
  }

  /** @returns the velocity of every parameter, by path. */
  async state(): Promise<Map<string, PlainTensor>> {
    const state = new Map<string, PlainTensor>();
    for (const [path, velocity] of this.#velocities) {
      state.set(path, { shape: velocity.shape, data: (await velocity.data()) as Float32Array });
    }
    return state;
  }

  /** Continues from velocities that {@link state} gave. */
  restore(state: ReadonlyMap<string, PlainTensor>): void {
    for (const [path, velocity] of this.#velocities) {
      const saved = state.get(path);
      if (saved === undefined) throw new Error(`Sgd: there is no saved velocity for ${path}`);
      tidy(() => {
        velocity.assign(tensor(saved.data, velocity.shape, 'float32'));
      });
    }
  }

  /** Frees the velocities. */
  dispose(): void {
    for (const velocity of this.#velocities.values()) velocity.dispose();
    this.#velocities.clear();
  }
}

/** A bias, or the shift of a normalisation, which the authors' rule catches too. */
function isBias(path: string): boolean {
  return path.endsWith('/bias') || path.endsWith('/shift');
}
