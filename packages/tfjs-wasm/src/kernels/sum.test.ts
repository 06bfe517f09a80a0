import { describe, expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { sum, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('sum on wasm', () => {
  test('adds up the rows of a matrix', () => {
    expect(Array.from(sum(tensor([1, 2, 3, 4], [2, 2]), 0).dataSync())).toEqual([4, 6]);
  });

  test('agrees with the CPU engine for any axes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        fc.subarray([0, 1, 2, 3]),
        fc.boolean(),
        async (shape, axes, keepDims) => {
          fc.pre(shape.reduce((a, b) => a * b, 1) < 60_000);
          const existing = axes.filter((axis) => axis < shape.length);
          await expectSameOnWasm([noise(shape, 'x')], (x) => sum(x, existing, keepDims));
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  test.each([
    { name: 'pixels', shape: [1, 90, 91, 20], axes: [0, 1, 2] },
    { name: 'a middle axis', shape: [3, 700, 33], axes: [1] },
    { name: 'the first axis', shape: [700, 64], axes: [0] },
    { name: 'no pixels', shape: [0, 700, 64], axes: [0, 1] },
  ])('agrees with the CPU engine over $name', async ({ shape, axes }) => {
    await expectSameOnWasm([noise(shape, 'x')], (x) => sum(x, axes), { atol: 1e-3, rtol: 1e-4 });
  });
});
