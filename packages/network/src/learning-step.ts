import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** Loss terms by name, before weighting. */
export type LossTerms = Record<string, Scalar>;

/**
 * Something that a forward pass must know before it can go on and that no gradient flows through: proposals, sampled
 * RoIs, refined boxes.
 */
export interface Decision<Choice = unknown> {
  /** What has to be read from the engine first; may be empty. Borrowed. */
  readonly tensors: readonly Tensor[];
  /** Decides, from the values of `tensors`. Called once per step, so that random streams are drawn from once. */
  choose(values: readonly Float32Array[]): Choice;
  /** Whether no other decision follows: a pass that only gathers decisions ends here. */
  readonly last: boolean;
}

/** A forward pass that stops at every decision, is told the choice, and ends with the loss terms. */
export type ForwardPass = Generator<Decision, LossTerms, unknown>;

/** How one sample is learned from. */
export interface LearningStep {
  /** Whether the forward pass stops at decisions. One that never does runs once, also where decisions are awaited. */
  readonly decides: boolean;
  /** Begins a forward pass; each begins anew, and given the same choices computes the same. */
  forward(): ForwardPass;
}

/** A learning step without decisions. */
export function withoutDecisions(compute: () => LossTerms): LearningStep {
  // eslint-disable-next-line require-yield
  function* forward(): Generator<never, LossTerms, unknown> {
    return compute();
  }
  return { decides: false, forward };
}

/** Asks for a decision inside a forward pass: `const rois = yield* decide([scores], ([s]) => sample(s))`. */
export function* decide<Choice>(
  tensors: readonly Tensor[],
  choose: (values: readonly Float32Array[]) => Choice,
  last = false,
): Generator<Decision, Choice, unknown> {
  return (yield { tensors, choose, last }) as Choice;
}

/** Runs a forward pass to its end on an engine that reads synchronously, taking every decision as it appears. */
export function decideAtOnce(pass: ForwardPass): LossTerms {
  let state = pass.next();
  while (state.done !== true) {
    const { tensors, choose } = state.value;
    state = pass.next(choose(tensors.map((values) => values.dataSync() as Float32Array)));
  }
  return state.value;
}
