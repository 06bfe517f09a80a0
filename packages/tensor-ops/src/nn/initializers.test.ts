import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import { tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import '../testing/index.ts';

import { conv2d } from './conv2d.ts';
import {
  constant,
  identity,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  normal,
  perOutput,
} from './initializers.ts';
import { ParamScope } from './param-scope.ts';

const draw = (init: Initializer, shape: number[]): Float32Array => init(shape, randomStream(1, 'initializers'));
const deviation = (values: Float32Array): number => Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);

describe('initializers', () => {
  test('constant fills the shape', () => {
    expect([...draw(constant(2), [2, 2])]).toEqual([2, 2, 2, 2]);
    expect(draw(constant(2), [])).toHaveLength(1);
  });

  test('perOutput gives one value to each output', () => {
    expect([...draw(perOutput(0, -2), [2])]).toEqual([0, -2]);
  });

  test('identity makes a convolution that gives its input', () => {
    using scope = ParamScope.root(1);
    const scale = conv2d(scope, { kernel: 3, inChannels: 2, outChannels: 2, init: identity });
    const x: Tensor4D = tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    expect(scale(x)).toBeAllClose(x, { atol: 0, rtol: 0 });
  });

  test('normal has the deviation that is asked for', () => {
    expect(deviation(draw(normal(0.01), [100, 100]))).toBeCloseTo(0.01, 3);
  });

  test('kaimingNormal has variance 2 / fan out', () => {
    // 3 x 3 kernel, 8 -> 32 channels: each input unit feeds 9 * 32 values.
    expect(deviation(draw(kaimingNormal, [3, 3, 8, 32]))).toBeCloseTo(Math.sqrt(2 / 288), 2);
  });

  test('kaimingUniform fills the interval of sqrt(3 / fan in)', () => {
    // 5 x 1 kernel, 6 -> 40 channels: each output unit reads 30 values.
    const values = draw(kaimingUniform, [5, 1, 6, 40]);
    const bound = Math.sqrt(3 / 30);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(...values)).toBeGreaterThan(0.98 * bound);
    expect(deviation(values)).toBeCloseTo(bound / Math.sqrt(3), 2);
  });
});
