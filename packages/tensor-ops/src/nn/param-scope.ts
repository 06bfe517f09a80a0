/// <reference lib="esnext.disposable" preserve="true" />
import { tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { randomStream, ShapeError } from '@pffnet/structures';
import type { Initializer } from './initializers.ts';

/** Gives the values of the parameter at `path`, row-major; `init` is what its module would draw. */
export type ParamSource = (path: string, shape: readonly number[], init: Initializer) => PlainTensor['data'];

/**
 * A path into one map of trainable variables. A variable's name is its path (`fusion/refine/kernel`): checkpoint key,
 * optimiser filter and freeze rule in one. Whoever makes the root owns the memory.
 */
export class ParamScope {
  readonly #source: ParamSource;
  readonly #path: string;
  readonly #variables: Map<string, Variable>;

  private constructor(source: ParamSource, path: string, variables: Map<string, Variable>) {
    this.#source = source;
    this.#path = path;
    this.#variables = variables;
  }

  /**
   * Opens an empty scope whose parameters start at random. Each initial value is drawn from the seed and the path alone,
   * so that swapping one module leaves every other module's start unchanged.
   */
  static root(seed: number): ParamScope {
    return ParamScope.from((path, shape, init) => init(shape, randomStream(seed, `init/${path}`)));
  }

  /** Opens an empty scope whose parameters start at the values that `source` gives, such as those of a file. */
  static from(source: ParamSource): ParamScope {
    return new ParamScope(source, '', new Map());
  }

  /** @returns the scope `name` inside this one; both see the same variables. */
  child(name: string): ParamScope {
    return new ParamScope(this.#source, this.#join(name), this.#variables);
  }

  /**
   * Declares a parameter.
   * @returns the variable, owned by the root.
   * @throws Error if the path is declared already, and whatever the source of the values throws.
   */
  param(name: string, shape: readonly number[], init: Initializer): Variable {
    const path = this.#join(name);
    if (this.#variables.has(path)) throw new Error(`ParamScope: parameter ${path} is declared twice`);
    const values = this.#source(path, shape, init);
    const declared = tidy(() => variable(tensor(values, [...shape], 'float32')));
    this.#variables.set(path, declared);
    return declared;
  }

  /** @returns every variable at or below this scope by its full path, in order of declaration. */
  variables(): Map<string, Variable> {
    if (this.#path === '') return new Map(this.#variables);
    return new Map([...this.#variables].filter(([path]) => path.startsWith(`${this.#path}/`)));
  }

  /**
   * Sets parameters by full path; those not named keep their values.
   * @throws ShapeError if a path is unknown or a shape differs.
   */
  assign(values: ReadonlyMap<string, PlainTensor>): void {
    for (const [path, { shape, data }] of values) {
      const target = this.#variables.get(path);
      if (target === undefined) throw new ShapeError(`assign: there is no parameter ${path}`);
      if (shape.join() !== target.shape.join()) {
        throw new ShapeError(`assign: expected ${path} [${target.shape.join(', ')}], got [${shape.join(', ')}]`);
      }
      tidy(() => {
        target.assign(tensor(data, target.shape, 'float32'));
      });
    }
  }

  /** Frees every variable of the root. */
  dispose(): void {
    for (const declared of this.#variables.values()) declared.dispose();
    this.#variables.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #join(name: string): string {
    return this.#path === '' ? name : `${this.#path}/${name}`;
  }
}
