import { describe, expect, test } from '@jest/globals';
import { customGrad, mul, square, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { gradientError, newTensors, nhwc, randomTensor } from './index.ts';

test('toBeAllClose reads tensors', () => {
  expect(tensor([1, 10])).toBeAllClose(tensor([1.15, 11.1]), { atol: 0.1, rtol: 0.1 });
  expect(() => expect(tensor([1, 2])).toBeAllClose([1, 3], { atol: 0.1, rtol: 0 })).toThrow(
    'worst at 1: expected 3, got 2',
  );
});

describe('gradientError', () => {
  test('is small for a right gradient and large for a wrong one', () => {
    const x = randomTensor([3, 4], 'x');
    expect(gradientError((value: Tensor) => square(value), [x])).toBeLessThan(1e-3);
    const wrong = customGrad((...args) => {
      const [value] = args as unknown as [Tensor];
      return { value: square(value), gradFunc: (dy: Tensor) => mul(dy, value) };
    });
    expect(gradientError((value: Tensor) => wrong(value), [x])).toBeGreaterThan(0.1);
  });
});

describe('newTensors', () => {
  test('counts the result and what is left behind', () => {
    expect(newTensors(() => zeros([1]))).toBe(1);
    expect(
      newTensors(() => {
        zeros([2]);
        return zeros([1]);
      }),
    ).toBe(2);
  });
});

test('nhwc gives maps channels last', () => {
  const map = nhwc({ shape: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) });
  expect(map.shape).toEqual([1, 1, 3, 2]);
  expect([...map.dataSync()]).toEqual([1, 10, 2, 20, 3, 30]);
});
