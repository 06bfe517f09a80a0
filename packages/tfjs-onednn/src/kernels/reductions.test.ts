import { expect, test } from '@jest/globals';
import {
  engine,
  max,
  mean,
  min,
  ones,
  prod,
  softmax,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

const reductions: Record<string, (x: Tensor, axes: number[], keep: boolean) => Tensor> = { max, mean, min, prod, sum };

const cases = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.subarray([...shape.keys()]),
    keep: fc.boolean(),
    seed: fc.nat(1000),
  }),
);

describeNative('reductions', () => {
  test('a hand case', async () => {
    const [result] = await on('onednn', () => sum(tensor2d([1, 2, 3, 4], [2, 2]), 0));
    expect(result).toEqual({ shape: [2], dtype: 'float32', values: [4, 6] });
  });

  test.each(Object.keys(reductions))('%s over any axes equals the CPU backend', async (name) => {
    await forAll(cases, ({ shape, axes, keep, seed }) => {
      const size = shape.reduce((product, axis) => product * axis, 1);
      return expectSame(() => reductions[name]!(tensor(noise(size, seed), shape), axes, keep));
    });
  });

  test('a sum of a million ones is exact, along every axis', async () => {
    const results = await on('onednn', () => [
      sum(ones([1_000_003])),
      sum(ones([1_000_003, 1]), 0),
      max(sum(ones([300_000, 3]), 0)),
      min(sum(ones([3, 300_000]), 1)),
    ]);
    expect(results.map(({ values }) => values[0])).toEqual([1_000_003, 1_000_003, 300_000, 300_000]);
  });

  test('sums of nothing, of integers and of truth values', async () => {
    await expectSame(() => [
      sum(tensor([], [0, 3]), 0),
      sum(tensor1d([1, 2, 3], 'int32')),
      sum(tensor1d([true, true, false], 'bool')),
    ]);
  });

  test('sums of squares of several tensors, empty ones too', async () => {
    const sizes = [3, 0, 1, 70_000, 33];
    const [result] = await on('onednn', () => {
      const terms = sizes.map((size, index) => [`term${index}`, tensor1d(noise(size, index), 'float32')] as const);
      return engine().runKernel('SumOfSquares', Object.fromEntries(terms)) as Tensor;
    });
    const expected = sizes
      .flatMap((size, index) => [...noise(size, index)])
      .reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(result!.values[0]! / expected - 1)).toBeLessThan(1e-6);
    expect(result!.shape).toEqual([]);
  });

  test('softmax', async () => {
    await forAll(
      fc.record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 40 }) }),
      (shape) => expectSame(() => softmax(tensor2d(noise(shape.rows * shape.columns, 5), [shape.rows, shape.columns]))),
    );
    await expectSame(() => softmax(tensor2d([1000, -1000, 3, 3], [2, 2])));
  });
});
