import { expect, test } from '@jest/globals';
import {
  add,
  addN,
  cast,
  clipByValue,
  elu,
  equal,
  erf,
  exp,
  expm1,
  greater,
  leakyRelu,
  lessEqual,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  prelu,
  reciprocal,
  relu,
  relu6,
  rsqrt,
  sigmoid,
  softplus,
  sqrt,
  square,
  squaredDifference,
  step,
  sub,
  tanh,
  type Tensor,
  tensor,
  tensor1d,
  where,
  abs,
  ceil,
  cos,
  div,
  floor,
  sin,
  scalar,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

const unary: Record<string, (x: Tensor) => Tensor> = {
  abs,
  ceil,
  clip: (x) => clipByValue(x, -0.5, 0.75),
  cos,
  elu,
  erf,
  exp,
  expm1,
  floor,
  leakyRelu: (x) => leakyRelu(x, 0.3),
  log,
  log1p,
  neg,
  reciprocal,
  relu,
  relu6: (x) => relu6(mul(x, 5)),
  rsqrt,
  sigmoid,
  sin,
  softplus,
  sqrt,
  square,
  step: (x) => step(x, 0.2),
  tanh,
};
const binary: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add,
  div,
  equal,
  greater,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  prelu,
  squaredDifference,
  sub,
};

/** Two shapes that broadcast against each other. */
const pairs = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 5 }), keep: fc.constantFrom('both', 'left', 'right') }), {
    minLength: 0,
    maxLength: 5,
  })
  .chain((axes) =>
    fc.record({
      axes: fc.constant(axes),
      drop: fc.integer({ min: 0, max: axes.length }),
      dropLeft: fc.boolean(),
      seed: fc.nat(1000),
    }),
  )
  .map(({ axes, drop, dropLeft, seed }) => {
    const a = axes.map(({ size, keep }) => (keep === 'right' ? 1 : size));
    const b = axes.map(({ size, keep }) => (keep === 'left' ? 1 : size));
    return { a: dropLeft ? a.slice(drop) : a, b: dropLeft ? b : b.slice(drop), seed };
  });

const sizeOf = (shape: number[]): number => shape.reduce((size, axis) => size * axis, 1);

describeNative('element-wise kernels', () => {
  test('one hand case with broadcasting', async () => {
    const [result] = await on('onednn', () => add(tensor([1, 2, 3, 4], [2, 2]), tensor1d([10, 20])));
    expect(result).toEqual({ shape: [2, 2], dtype: 'float32', values: [11, 22, 13, 24] });
  });

  test.each(Object.keys(unary))('%s equals the CPU backend', async (name) => {
    await forAll(
      fc.record({ size: fc.integer({ min: 0, max: 70 }), seed: fc.nat(1000) }),
      ({ size, seed }) => expectSame(() => unary[name]!(tensor1d(noise(size, seed)))),
      10,
    );
  });

  test.each(['exp', 'log', 'log1p', 'sigmoid', 'tanh', 'softplus', 'relu', 'sqrt', 'step'])(
    '%s treats extreme numbers as the CPU backend does',
    async (name) => {
      const extremes = [0, -0, 1, -1, 88.5, -88.5, 1e-30, 1e30, -1e30, 1e-40, 104, -104, Infinity, -Infinity, NaN];
      const [actual] = await on('onednn', () => unary[name]!(tensor1d(extremes)));
      const [expected] = await on('cpu', () => unary[name]!(tensor1d(extremes)));
      actual!.values.forEach((value, index) => {
        const want = expected!.values[index]!;
        if (Number.isFinite(want)) expect(Math.abs(value - want)).toBeLessThanOrEqual(2e-6 * Math.abs(want) + 1e-37);
        else expect(value).toBe(want);
      });
    },
  );

  test.each(Object.keys(binary))('%s with broadcasting equals the CPU backend', async (name) => {
    await forAll(
      pairs,
      ({ a, b, seed }) =>
        expectSame(() => binary[name]!(tensor(noise(sizeOf(a), seed), a), tensor(noise(sizeOf(b), seed + 1), b))),
      15,
    );
  });

  test.each(['add', 'sub', 'maximum', 'minimum', 'mul', 'equal', 'greater'])('%s of integers', async (name) => {
    const [a, b] = [
      [3, -4, 2147483647, 7],
      [3, 5, 1, -7],
    ];
    const compute = (): Tensor => binary[name]!(tensor1d(a!, 'int32'), tensor1d(b!, 'int32'));
    await expectSame(compute);
  });

  test('large tensors, which two threads share', async () => {
    const values = noise(700_001, 3);
    await expectSame(() => [add(tensor1d(values), 1), exp(tensor1d(values)), mul(tensor1d(values), tensor1d(values))]);
  });

  test('empty tensors', async () => {
    await expectSame(() => [relu(tensor([], [0, 3])), add(tensor([], [0, 3]), tensor1d([1, 2, 3]))]);
  });

  test('casts convert, and truncate as JavaScript does', async () => {
    await expectSame(() => [
      cast(tensor1d([1.9, -1.9, 3e9, NaN, Infinity]), 'int32'),
      cast(tensor1d([0, 2, -1, NaN]), 'bool'),
      cast(tensor1d([0, 2], 'int32'), 'float32'),
      add(cast(tensor1d([true, false], 'bool'), 'float32'), 0.5),
    ]);
  });

  test('selection and sums of many', async () => {
    await expectSame(() => [
      where(tensor1d([true, false, true], 'bool'), tensor1d([1, 2, 3]), tensor1d([4, 5, 6])),
      addN([tensor1d([1, 2]), tensor1d([3, 4]), tensor1d([5, 6])]),
      addN([scalar(1), scalar(2)]),
    ]);
  });
});
