import { beforeEach, describe, expect, test } from '@jest/globals';
import { noise, onEngine } from '@pffnet/tensor-ops/testing';
import {
  any,
  avgPool,
  cast,
  clipByValue,
  depthwiseConv2d,
  engine,
  fill,
  fused,
  gather,
  getKernel,
  log1p,
  logicalNot,
  max,
  maximum,
  maxPool,
  mean,
  min,
  neg,
  oneHot,
  ones,
  pad1d,
  prod,
  relu6,
  selu,
  setBackend,
  sign,
  sin,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor4d,
  zeros,
} from '@tensorflow/tfjs-core';
import { loadWasmFirst } from '../../test/on-wasm.ts';

const list = (x: Tensor): number[] => [...x.dataSync()];

loadWasmFirst();

describe('on wasm', () => {
  beforeEach(async () => {
    await setBackend('wasm');
    fill([1000], 42).dispose(); // so that old memory shows
  });

  test.each([
    ['mean', mean, 0],
    ['prod', prod, 1],
    ['max', max, NaN],
    ['min', min, NaN],
    ['sum', sum, 0],
  ] as const)('%s of nothing is what the CPU engine says, and was old memory', (_name, reduce, expected) => {
    expect(list(reduce(zeros([2, 0]), 1))).toEqual([expected, expected]);
    expect(reduce(zeros([2, 0]), 1, true).shape).toEqual([2, 1]);
    expect(reduce(zeros([0, 2]), 1).shape).toEqual([0]);
  });

  test('any of nothing is false, and was old memory', () => {
    expect(list(any(zeros([2, 0], 'bool'), 1))).toEqual([0, 0]);
  });

  test('everything but 0 is true, where casts to bool cut numbers to a byte', () => {
    const truths = cast(tensor1d([0.9, 256, -1, 2, NaN, 0]), 'bool');
    expect(list(truths)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(list(sum(truths))).toEqual([5]);
    expect(list(logicalNot(truths))).toEqual([0, 0, 0, 0, 0, 1]);
  });

  describe('NaN is not lost:', () => {
    const withNan = (): ReturnType<typeof tensor4d> => tensor4d([NaN, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1]);
    const filter = (): ReturnType<typeof tensor4d> => ones([2, 2, 1, 1]);

    test.each<[string, () => Tensor, number[]]>([
      ['clipByValue, which gave the bound', () => clipByValue([NaN, 7, -1], 0, 6), [NaN, 6, 0]],
      ['relu6, which gave 0', () => relu6([NaN, 7, -1]), [NaN, 6, 0]],
      ['avgPool, which gave -Infinity', () => avgPool(withNan(), 2, 1, 'valid'), [NaN, 3, 5, 6]],
      ['maxPool passes it over, and gave -Infinity', () => maxPool(withNan(), 2, 1, 'valid'), [4, 5, 7, 8]],
      ['depthwiseConv2d', () => depthwiseConv2d(withNan(), filter(), 1, 'valid'), [NaN, 12, 20, 24]],
      [
        'fused.conv2d, which gave 0',
        () => fused.conv2d({ x: withNan(), filter: filter(), strides: 1, pad: 'valid', activation: 'relu' }),
        [NaN, 12, 20, 24],
      ],
      [
        'fused.matMul, which gave 0',
        () => fused.matMul({ a: tensor([NaN, 1, 2, 3], [2, 2]), b: ones([2, 1]), activation: 'relu' }),
        [NaN, 5],
      ],
      ['maximum with a row', () => maximum(tensor([0, 0], [2, 1]), tensor1d([NaN, 1])), [NaN, 1, NaN, 1]],
    ])('%s', (_name, run, expected) => {
      expect(list(run())).toEqual(expected);
    });
  });

  test('padding with NaN does not make later padding NaN', () => {
    const pad = (by: number): number[] => list(pad1d(tensor1d([7]), [1, 1], by));
    expect([pad(0), pad(NaN), pad(0), pad(5)]).toEqual([[0, 7, 0], [NaN, 7, NaN], [0, 7, 0], [5, 7, 5]]); // prettier-ignore
  });

  test.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ['log1p', log1p, Math.log1p],
    ['sign', sign, Math.sign],
    ['sin', sin, Math.sin],
    ['selu', selu, (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
  ])('%s keeps small numbers', (_name, run, exact) => {
    const small = Float32Array.of(1e-3, -1e-3, 1e-5, -1e-5, 1e-8, -1e-8, 1e-20);
    list(run(tensor1d(small))).forEach((value, index) => {
      expect(Math.abs(value / exact(small[index]) - 1)).toBeLessThan(1e-6);
    });
  });

  test('whole numbers beyond 2^24 are not rounded when negated, bounded or averaged', () => {
    const whole = tensor1d([16_777_217, -2_147_483_647], 'int32');
    expect(list(neg(whole))).toEqual([-16_777_217, 2_147_483_647]);
    expect(list(clipByValue(whole, 0, 20_000_000))).toEqual([16_777_217, 0]);
    expect(list(sum(tensor1d([16_777_217, 16_777_217, 1], 'int32')))).toEqual([33_554_435]);
  });

  test('gather of nothing has the shape that it should', () => {
    const nothing = tensor1d([], 'int32');
    expect(gather(zeros([0, 2]), nothing).shape).toEqual([0, 2]);
    expect(gather(zeros([3, 0]), tensor1d([1, 2], 'int32')).shape).toEqual([2, 0]);
  });

  test('oneHot of float32 holds ones, not the bits of integers', () => {
    expect(list(oneHot(tensor1d([1], 'int32'), 2, 1, 0, 'float32'))).toEqual([0, 1]);
  });

  test('a million equal numbers add up, whatever axes: one float32 was 1 % off', () => {
    for (const [shape, axes] of [
      [[1_000_000], [0]],
      [[1000, 1000], [1]],
      [[100_000, 10], [0]],
      [
        [500, 4, 500],
        [0, 2],
      ],
    ] as const) {
      for (const value of list(mean(fill([...shape], 0.1), [...axes]))) expect(value).toBeCloseTo(0.1, 6);
    }
  });
});

describe('the norm of a gradient', () => {
  test('is the same on every engine, to a millionth: on wasm it was up to 1 % short', async () => {
    const gradients = [noise([1568, 256], 'kernel'), noise([3, 3, 64, 64], 'filter'), noise([7], 'bias')];
    const exact = gradients.reduce((total, { values }) => total + values.reduce((sum, x) => sum + x * x, 0), 0);
    const onWasm = await onEngine('wasm', gradients, (...given) =>
      engine().runKernel('SumOfSquares', Object.fromEntries(given.map((values, index) => [`${index}`, values]))),
    );
    expect(Math.abs(onWasm[0].values[0] / exact - 1)).toBeLessThan(1e-6);
    expect(getKernel('SumOfSquares', 'cpu')).toBeUndefined(); // put together there, in double precision
  });
});
