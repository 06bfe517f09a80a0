import { describe, expect, test } from '@jest/globals';
import { grad, mul, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { newTensors, randomTensor } from '../testing/index.ts';
import { stopGradient } from './stop-gradient.ts';

describe('stopGradient', () => {
  test('gives the same values and makes a factor a constant', () => {
    const x = tensor([2, 3]);
    expect(stopGradient(x)).toBeAllClose(x, { atol: 0, rtol: 0 });
    // x * x has gradient 2 x; with one factor stopped, x.
    const gradient = grad((value: Tensor) => sum(mul(value, stopGradient(value))))(x);
    expect(gradient).toBeAllClose([2, 3], { atol: 0, rtol: 0 });
  });

  test('gives zeros to what lies only behind it', () => {
    const gradient = grad((value: Tensor) => sum(stopGradient(value)))(tensor([2, 3]));
    expect(gradient).toBeAllClose([0, 0], { atol: 0, rtol: 0 });
  });

  test('passes an empty tensor through, forward and backward', () => {
    const none = tensor([], [0, 4]);
    expect(stopGradient(none).shape).toEqual([0, 4]);
    expect(grad((value: Tensor) => sum(stopGradient(value)))(none).shape).toEqual([0, 4]);
  });

  test('leaves one new tensor per call, which is independent of its source', () => {
    const x = randomTensor([2, 3], 'x');
    expect(newTensors(() => stopGradient(x))).toBe(1);
    const stopped = stopGradient(x);
    const values = x.dataSync().slice();
    x.dispose();
    expect(stopped).toBeAllClose(values, { atol: 0, rtol: 0 });
  });
});
