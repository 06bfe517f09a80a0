import { expect, test } from '@jest/globals';
import {
  add,
  engine,
  fused,
  matMul,
  memory,
  mul,
  setBackend,
  slice,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  transpose,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';
import type { OnednnBackend } from '../onednn-backend.ts';

const of = (shape: number[], seed: number): Tensor =>
  tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );
const size = fc.constantFrom(1, 2, 3, 7, 16, 33);

/** The product of two matrices in float64. */
function product64(a: Tensor, b: Tensor): Float64Array {
  const [[m, k], n] = [a.shape as [number, number], b.shape[1]!];
  const [left, right] = [a.dataSync(), b.dataSync()];
  const y = new Float64Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let i = 0; i < k; i++) {
      const factor = left[row * k + i]!;
      for (let column = 0; column < n; column++) y[row * n + column]! += factor * right[i * n + column]!;
    }
  }
  return y;
}

/** The root mean square of what a result differs by. */
function rmsFrom(exact: Float64Array, result: Tensor): number {
  const sum = result.dataSync<'float32'>().reduce((total, value, at) => total + (value - exact[at]!) ** 2, 0);
  return Math.sqrt(sum / exact.length);
}

describeNative('matrix products', () => {
  test('a hand case', async () => {
    const [result] = await on('onednn', () => matMul(tensor2d([1, 2, 3, 4], [2, 2]), tensor2d([1, 1, 0, 1], [2, 2])));
    expect(result?.values).toEqual([1, 3, 3, 7]);
  });

  test('stacks of matrices, transposed or not, one factor for all, equal the CPU backend', async () => {
    const cases = fc.record({
      batch: fc.constantFrom([], [1], [3], [2, 2]),
      single: fc.constantFrom('none', 'a', 'b'),
      m: size,
      n: size,
      k: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
    });
    await forAll(
      cases,
      ({ batch, single, m, n, k, transposeA, transposeB }) =>
        expectSame(() => {
          const one = batch.map(() => 1);
          const a = of([...(single === 'a' ? one : batch), ...(transposeA ? [k, m] : [m, k])], 1);
          const b = of([...(single === 'b' ? one : batch), ...(transposeB ? [n, k] : [k, n])], 2);
          return matMul(a, b, transposeA, transposeB);
        }),
      120,
    );
  });

  test('long products of few rows', async () => {
    await expectSame(
      () => [
        matMul(of([1, 5000], 1), of([5000, 64], 2)),
        matMul(of([2, 5003], 1), of([5003, 64], 2)),
        matMul(of([3, 1, 700], 1), of([3, 700, 18], 2)),
      ],
      2e-5,
    );
  });

  // A box head's weights serve 256 RoIs of a step at once; they served four runs of 64 before, whose gradients were added.
  test('the gradient of weights by 256 rows at once is, bit by bit, that of four runs of 64 rows, and no further from float64', async () => {
    await setBackend('onednn');
    const [rows, k, n] = [256, 784, 64];
    const [x, dy] = [of([rows, k], 1), of([rows, n], 2)];
    const run = (first: number, count: number): Tensor =>
      matMul(slice(x, [first, 0], [count, k]), slice(dy, [first, 0], [count, n]), true);
    const atOnce = run(0, rows);
    const inFour = [192, 128, 64, 0].map((first) => run(first, 64)).reduce((total, part) => add(total, part));
    expect(atOnce.dataSync()).toEqual(inFour.dataSync());
    const exact = product64(transpose(x), dy);
    expect(rmsFrom(exact, atOnce)).toBeLessThanOrEqual(rmsFrom(exact, inFour));
    expect(rmsFrom(exact, atOnce)).toBeLessThan(5e-6); // of gradients whose root mean square is 21
  });

  test('sums over many rows leave one new tensor, and as much memory of the pool', async () => {
    await setBackend('onednn');
    const pool = (): number => (engine().backend as OnednnBackend).pool.inUse;
    const [a, b] = [mul(of([200, 30], 1), 1), mul(of([200, 20], 2), 1)];
    const before = { tensors: memory().numTensors, pool: pool() };
    const y = matMul(a, b, true);
    expect(memory().numTensors).toBe(before.tensors + 1);
    y.dispose();
    expect({ tensors: memory().numTensors, pool: pool() }).toEqual(before);
  });

  test('fused with a bias and an activation', async () => {
    await expectSame(() => {
      const [a, b, bias] = [of([4, 9], 1), of([9, 6], 2), tensor1d(noise(6, 3))];
      return [
        fused.matMul({ a: a as never, b: b as never, bias, activation: 'relu' }),
        fused.matMul({ a: a as never, b: b as never, transposeA: false, bias }),
      ];
    });
  });

  test('nothing to multiply, and sizes that do not fit', async () => {
    await expectSame(() => [matMul(of([0, 3], 1), of([3, 2], 2)), matMul(of([2, 0], 1), of([0, 2], 2))]);
    await expect(on('onednn', () => matMul(of([2, 3], 1), of([2, 3], 2)))).rejects.toThrow('inner');
  });
});
