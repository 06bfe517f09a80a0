import { expect } from '@jest/globals';
import { dispose, memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tolerance } from '@pffnet/structures/testing';
import { randomStream } from '@pffnet/structures';

/** Numbers with a shape, on no engine. */
export interface ShapedNumbers {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

type Run = (...inputs: Tensor[]) => Tensor | Tensor[];

/** Seeded numbers in [-1, 1). The same name and shape give the same numbers every time. */
export function noise(shape: readonly number[], name: string): ShapedNumbers {
  const stream = randomStream(3, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1), shape };
}

/** Runs on an engine that is registered, which stays selected; reads every result, and expects that no tensor is left. */
export async function onEngine(engine: string, inputs: readonly ShapedNumbers[], run: Run): Promise<ShapedNumbers[]> {
  await setBackend(engine);
  const before = memory().numTensors;
  const results = tidy(() => [run(...inputs.map(({ values, shape }) => tensor(values, [...shape])))].flat());
  const read = results.map(async (result) => ({ values: (await result.data()) as Float32Array, shape: result.shape }));
  const numbers = await Promise.all(read);
  dispose(results);
  expect(memory().numTensors).toBe(before);
  return numbers;
}

/** Expects an engine to compute what the CPU engine computes: shapes, and numbers within 1e-4 by default. */
export async function expectSameOn(
  engine: string,
  inputs: readonly ShapedNumbers[],
  run: Run,
  tolerance: Tolerance = { atol: 1e-4, rtol: 1e-4 },
): Promise<void> {
  const expected = await onEngine('cpu', inputs, run);
  const actual = await onEngine(engine, inputs, run);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ values }, index) => expect(values).toBeAllClose(expected[index].values, tolerance));
}
