import type { PlainTensor } from '@pffnet/structures/safetensors';
import { readVariables, restoreVariables } from '@pffnet/tensor-ops';
import { add, mul, type Tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';

/**
 * The exponential moving average of parameters over steps: a <- d a + (1 - d) w, with d = min(decay, (1 + t) / (10 + t)) in
 * update t, counted from 0, so that it follows quickly at the start. It swings less than the weights of single steps.
 * @remarks Source: docs/sources.md, "Where we follow neither"; the start is that of TensorFlow's ExponentialMovingAverage.
 */
export class WeightAverage {
  readonly #decay: number;
  readonly #parameters: ReadonlyMap<string, Variable>;
  readonly #averages = new Map<string, Variable>();

  /** @param parameters - what is averaged, by path; borrowed. The average starts as what they are now. */
  constructor(parameters: ReadonlyMap<string, Variable>, decay: number) {
    this.#decay = decay;
    this.#parameters = parameters;
    for (const [path, parameter] of parameters) {
      this.#averages.set(
        path,
        tidy(() => variable(parameter.clone(), false)),
      );
    }
  }

  /** Takes in the parameters as they are after an update. @param step - updates before it, from 0. */
  update(step: number): void {
    const kept = Math.min(this.#decay, (1 + step) / (10 + step));
    this.#each((average, parameter) => {
      average.assign(add(mul(average, kept), mul(parameter, 1 - kept)));
    });
  }

  /** Calls `use` while the parameters have their averages' values; they get their own back, also after an error. */
  async within<T>(use: () => Promise<T>): Promise<T> {
    const own = new Map<string, Tensor>();
    for (const [path, parameter] of this.#parameters) own.set(path, parameter.clone());
    try {
      this.#each((average, parameter) => {
        parameter.assign(average);
      });
      return await use();
    } finally {
      for (const [path, parameter] of this.#parameters) parameter.assign(own.get(path) ?? parameter);
      for (const value of own.values()) value.dispose();
    }
  }

  /** @returns the average of every parameter, by path. */
  state(): Promise<Map<string, PlainTensor>> {
    return readVariables(this.#averages);
  }

  /** Continues from averages that {@link state} gave. */
  restore(state: ReadonlyMap<string, PlainTensor>): void {
    restoreVariables(this.#averages, state, 'average');
  }

  /** Frees the averages. */
  dispose(): void {
    for (const average of this.#averages.values()) average.dispose();
    this.#averages.clear();
  }

  #each(change: (average: Variable, parameter: Variable) => void): void {
    for (const [path, average] of this.#averages) {
      const parameter = this.#parameters.get(path);
      if (parameter === undefined) throw new Error(`WeightAverage: there is no parameter ${path}`);
      tidy(() => {
        change(average, parameter);
      });
    }
  }
}
