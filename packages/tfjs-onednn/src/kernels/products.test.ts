import { expect, test } from '@jest/globals';
import { fused, matMul, type Tensor, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

const of = (shape: number[], seed: number): Tensor =>
  tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );
const size = fc.constantFrom(1, 2, 3, 7, 16, 33);

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
