import { describe, expect } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { env, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';

env().set('IS_TEST', true); // keeps the CPU backend from advertising another one

/** Why the backend cannot be tested here, or undefined. */
export const missing: string | undefined = await import('../src/index.ts').then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);

/** `describe`, or where the addon was not built a skipped one that says so. */
export const describeNative = (name: string, body: () => void): void => {
  if (missing === undefined) describe(name, body);
  else describe.skip(`${name} (${missing}; libdnnl-dev and a C++ compiler are needed)`, body);
};

/** What a computation gives on one backend. */
interface Result {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: number[];
}

/** Runs a computation on a backend. */
export async function on(backend: 'cpu' | 'onednn', compute: () => Tensor | Tensor[]): Promise<Result[]> {
  await setBackend(backend);
  return tidy(() => {
    const results = compute();
    return (Array.isArray(results) ? results : [results]).map((result) => ({
      shape: result.shape,
      dtype: result.dtype,
      values: [...result.dataSync()],
    }));
  });
}

/**
 * Both backends agree on a computation: shapes, types, and values within `relative` of the largest value. Its inputs
 * are made anew on each.
 */
export async function expectSame(compute: () => Tensor | Tensor[], relative = 1e-5): Promise<void> {
  const [actual, expected] = [await on('onednn', compute), await on('cpu', compute)];
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  actual.forEach(({ values }, index) => {
    const wanted = expected[index]?.values ?? [];
    const scale = wanted.reduce((top, value) => (Number.isFinite(value) ? Math.max(top, Math.abs(value)) : top), 1);
    values.forEach((value, place) => {
      const want = wanted[place];
      const same = Object.is(value, want) || value === want || Math.abs(value - want) <= relative * scale;
      if (!same) throw new Error(`result ${index}, element ${place}: ${value} instead of ${want}`);
    });
  });
}

/** Checks a property over random cases, always the same ones. */
export async function forAll<T>(
  cases: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  numRuns = 40,
): Promise<void> {
  await fc.assert(fc.asyncProperty(cases, check), { numRuns, seed: 7 });
}

/** Numbers between -2 and 2 that depend on `seed` only. */
export function noise(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 4 - 2;
  });
}
