import type { ForwardPass, LearningStep, LossTerms } from '@pffnet/network';
import { type Precision, withPrecision } from '@pffnet/tensor-ops';
import { engine } from '@tensorflow/tfjs-core';

/**
 * Runs a forward pass as far as its last decision, without recording what gradients need, and awaits every value that a
 * decision rests on.
 * @param precision - of convolutions and products, as in the recorded pass.
 * @returns the choices in order, for {@link replay}.
 * @remarks Nothing else may make tensors meanwhile: they would be freed with those of the pass.
 */
export async function gatherChoices(step: LearningStep, precision: Precision): Promise<unknown[]> {
  const choices: unknown[] = [];
  engine().startScope('gatherChoices');
  try {
    const pass = step.forward();
    const goOn = (choice?: unknown): ReturnType<ForwardPass['next']> =>
      withPrecision(precision, () => pass.next(choice));
    let state = goOn();
    while (state.done !== true) {
      const { tensors, choose, last } = state.value;
      choices.push(choose((await Promise.all(tensors.map((values) => values.data()))) as Float32Array[]));
      if (last) break;
      state = goOn(choices.at(-1));
    }
    return choices;
  } finally {
    engine().endScope();
  }
}

/** Runs a forward pass to its end with choices that were made before. Nothing is read. */
export function replay(pass: ForwardPass, choices: readonly unknown[]): LossTerms {
  let state = pass.next();
  for (const choice of choices) state = pass.next(choice);
  if (state.done !== true) throw new Error('replay: the forward pass asks for more decisions than were gathered');
  return state.value;
}
