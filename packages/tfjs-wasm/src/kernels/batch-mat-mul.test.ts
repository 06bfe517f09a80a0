import { describe, expect, test } from '@jest/globals';
import { newTensors, noise } from '@pffnet/tensor-ops/testing';
import { grads, matMul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('matMul on wasm', () => {
  test('multiplies two matrices', () => {
    const product = matMul(tensor([1, 2, 3, 4], [2, 2]), tensor([5, 6, 7, 8], [2, 2]), false, true);
    expect(Array.from(product.dataSync())).toEqual([17, 23, 39, 53]);
  });

  test('agrees with the CPU engine, gradients too, for any shape, batch and transposition', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    const batch = fc.constantFrom<[number[], number[]]>(
      ...([
        [[], []],
        [[3], [3]],
        [[1], [3]],
        [[3], [1]],
        [
          [2, 3],
          [2, 3],
        ],
        [[0], [0]],
        [[2], []],
      ] as [number[], number[]][]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({ m: size, k: size, n: size }),
        batch,
        fc.tuple(fc.boolean(), fc.boolean()),
        async ({ m, k, n }, [batchA, batchB], [transposeA, transposeB]) => {
          const a = noise([...batchA, ...(transposeA ? [k, m] : [m, k])], 'a');
          const b = noise([...batchB, ...(transposeB ? [n, k] : [k, n])], 'b');
          const run = (left: Tensor, right: Tensor): Tensor => matMul(left, right, transposeA, transposeB);
          const all = (left: Tensor, right: Tensor): Tensor[] => [run(left, right), ...grads(run)([left, right])];
          await expectSameOnWasm([a, b], String(batchA) === String(batchB) ? all : run);
        },
      ),
      { numRuns: 150, seed: 5 },
    );
  });

  test.each([
    { name: 'long sums', a: [5, 3000], b: [3000, 30], transposeA: false, transposeB: false },
    { name: 'long sums, left factor transposed', a: [3000, 5], b: [3000, 30], transposeA: true, transposeB: false },
    { name: 'a row of ones', a: [2, 1, 900], b: [2, 900, 70], transposeA: false, transposeB: false },
    { name: 'many rows', a: [700, 20], b: [50, 20], transposeA: false, transposeB: true },
  ])('agrees with the CPU engine for $name', async ({ a, b, transposeA, transposeB }) => {
    const run = (left: Tensor, right: Tensor): Tensor => matMul(left, right, transposeA, transposeB);
    await expectSameOnWasm([noise(a, 'a'), noise(b, 'b')], run, { atol: 1e-3, rtol: 1e-3 });
  });

  test('leaves its result and nothing else', () => {
    const [a, b] = [tensor([1, 2, 3, 4], [2, 2]), tensor([1, 2, 3, 4], [2, 2])];
    expect(newTensors(() => matMul(a, b, true, false))).toBe(1);
  });
});
