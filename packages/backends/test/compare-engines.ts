import { beforeAll, expect } from '@jest/globals';
import { memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { loadBackend } from '../src/load-backend.ts';

/** Numbers with a shape, on no engine yet. */
export interface Numbers {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Seeded numbers in [-1, 1). */
export function noise(shape: readonly number[], name: string): Numbers {
  const stream = randomStream(3, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1), shape };
}

/** Loads the WASM engine before the tests of a file. */
export function loadWasmFirst(): void {
  beforeAll(async () => {
    await loadBackend('wasm');
  });
}

/** Runs on one engine and reads every result. */
export async function onEngine(
  engine: 'cpu' | 'wasm' | 'onednn',
  inputs: readonly Numbers[],
  run: (...inputs: Tensor[]) => Tensor | Tensor[],
): Promise<Numbers[]> {
  await setBackend(engine);
  const before = memory().numTensors;
  const read: Numbers[] = [];
  tidy(() => {
    const results = run(...inputs.map(({ values, shape }) => tensor(values, [...shape])));
    for (const result of [results].flat()) {
      read.push({ values: result.dataSync() as Float32Array, shape: result.shape });
    }
  });
  expect(memory().numTensors).toBe(before);
  return read;
}

type Tolerance = { readonly atol: number; readonly rtol: number };

/** Expects an engine that is loaded to compute what the CPU engine computes. */
export async function expectSameOn(
  engine: 'wasm' | 'onednn',
  inputs: readonly Numbers[],
  run: (...inputs: Tensor[]) => Tensor | Tensor[],
  tolerance: Tolerance = { atol: 1e-4, rtol: 1e-4 },
): Promise<void> {
  const expected = await onEngine('cpu', inputs, run);
  const actual = await onEngine(engine, inputs, run);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ values }, index) => expect(values).toBeAllClose(expected[index].values, tolerance));
}

/** {@link expectSameOn} WASM. */
export const expectSameOnWasm = (
  inputs: readonly Numbers[],
  run: (...inputs: Tensor[]) => Tensor | Tensor[],
  tolerance?: Tolerance,
): Promise<void> => expectSameOn('wasm', inputs, run, tolerance);
