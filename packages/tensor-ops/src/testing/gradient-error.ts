import { grads, mul, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/structures';

/** What {@link gradientError} needs besides the function. */
export interface GradientCheck {
  /** Step of the central difference; 1e-3 by default. A larger one crosses ReLU kinks. */
  readonly step?: number;
  /** How many entries of each input are compared, chosen by a seeded stream; 24 by default. */
  readonly entries?: number;
}

/**
 * Compares gradients with central differences. The function's output is reduced to a number by a fixed random weight
 * per entry, so that every output counts and errors cannot cancel.
 * @returns the largest |analytic - numeric| / max(1, |analytic|, |numeric|) over the inputs and entries compared.
 */
export function gradientError(
  run: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
  { step = 1e-3, entries = 24 }: GradientCheck = {},
): number {
  const stream = randomStream(1, 'gradient-error');
  const shape = tidy(() => run(...inputs).shape);
  const size = shape.reduce((a, b) => a * b, 1);
  const weights = tensor(
    Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1),
    shape,
  );
  const scalarOf = (...values: Tensor[]): Tensor => sum(mul(run(...values), weights));
  const analytic = tidy(() => grads(scalarOf)(inputs));
  // The sum of outputs is taken in double precision: float32 sums would drown the difference.
  const weightValues = weights.dataSync();
  const evaluate = (values: Tensor[]): number =>
    Array.from(tidy(() => run(...values).dataSync())).reduce((total, y, index) => total + y * weightValues[index], 0);

  let worst = 0;
  inputs.forEach((input, which) => {
    const values = input.dataSync().slice() as Float32Array;
    const gradient = analytic[which].dataSync();
    for (let compared = 0; compared < Math.min(entries, values.length); compared++) {
      const index = values.length <= entries ? compared : stream.integer(values.length);
      const shifted = (by: number): number => {
        const moved = values.slice();
        moved[index] += by;
        const replaced = tensor(moved, input.shape);
        const result = evaluate(inputs.map((other, position) => (position === which ? replaced : other)));
        replaced.dispose();
        return result;
      };
      const numeric = (shifted(step) - shifted(-step)) / (2 * step);
      const scale = Math.max(1, Math.abs(numeric), Math.abs(gradient[index]));
      worst = Math.max(worst, Math.abs(numeric - gradient[index]) / scale);
    }
  });
  weights.dispose();
  analytic.forEach((gradient) => gradient.dispose());
  return worst;
}
