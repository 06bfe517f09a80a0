import { beforeAll, expect } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients of tfjs's ops
import { dispose, enableProdMode, memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { loadWasm } from '../src/load-wasm.ts';

enableProdMode(); // no advertisement for tfjs-node

/** Numbers with a shape, on no engine yet. */
export interface Numbers {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

type Run = (...inputs: Tensor[]) => Tensor | Tensor[];

/** Seeded numbers in [-1, 1). */
export function noise(shape: readonly number[], name: string): Numbers {
  const stream = randomStream(3, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1), shape };
}

/** Loads the WASM engine before the tests of a file. */
export function loadWasmFirst(): void {
  beforeAll(async () => {
    await loadWasm();
  });
}

/** Runs on one engine, reads every result, and expects that no tensor is left. */
export async function onEngine(engine: 'cpu' | 'wasm', inputs: readonly Numbers[], run: Run): Promise<Numbers[]> {
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

/** Expects WASM to compute what the CPU engine computes: each number within atol + rtol * |number|. */
export async function expectSameOnWasm(
  inputs: readonly Numbers[],
  run: Run,
  { atol, rtol }: { readonly atol: number; readonly rtol: number } = { atol: 1e-4, rtol: 1e-4 },
): Promise<void> {
  const expected = await onEngine('cpu', inputs, run);
  const actual = await onEngine('wasm', inputs, run);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ values }, index) => {
    const wanted = expected[index].values;
    const off = values.findIndex(
      (value, place) => !(Math.abs(value - wanted[place]) <= atol + rtol * Math.abs(wanted[place])),
    );
    if (off >= 0) throw new Error(`result ${index}, number ${off}: ${values[off]} instead of ${wanted[off]}`);
  });
}

/** Counts the tensors that a call leaves behind, its result included, after a first call. */
export function newTensors(run: () => Tensor | Tensor[]): number {
  dispose(run());
  const before = memory().numTensors;
  const result = run();
  const count = memory().numTensors - before;
  dispose(result);
  return count;
}
