import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { grad, type Tensor, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { smoothL1 } from './smooth-l1.ts';

describe('smoothL1', () => {
  test('is a parabola near 0 and a line beyond beta', () => {
    // beta 2: 1 -> 1/4, -1 -> 1/4, 2 -> 1, 5 -> 4, -5 -> 4
    const predicted = tensor1d([1, -1, 2, 5, -5]);
    expect(smoothL1({ predicted, target: tensor1d([0, 0, 0, 0, 0]), beta: 2 })).toBeAllClose(9.5, {
      atol: 0,
      rtol: 1e-6,
    });
  });

  test('leaves masked entries out of value and gradient', () => {
    const [target, mask] = [tensor1d([0, 0]), tensor1d([1, 0])];
    const run = (predicted: Tensor): Tensor => smoothL1({ predicted, target, beta: 1, mask });
    expect(run(tensor1d([3, 100]))).toBeAllClose(2.5, { atol: 0, rtol: 1e-6 });
    expect(grad(run)(tensor1d([3, 100]))).toBeAllClose([1, 0], { atol: 0, rtol: 0 });
  });

  test.each([
    ['b1_9', 1 / 9],
    ['b1', 1],
  ])('matches the reference with beta %s', (name, beta) => {
    const { plain, scalars } = golden('smooth_l1');
    const [predicted, target] = ['pred', 'target'].map((key) => tensor(plain(key).data, [...plain(key).shape]));
    const sum = smoothL1({ predicted, target, beta });
    expect(sum).toBeAllClose(scalars[`sum_${name}`].value as number, { atol: 0, rtol: 1e-5 });
    expect(sum.dataSync()[0] / predicted.size).toBeAllClose(scalars[`mean_${name}`].value as number, {
      atol: 0,
      rtol: 1e-5,
    });
    const expected = plain(`grad_sum_${name}`);
    expect(grad((x) => smoothL1({ predicted: x, target, beta }))(predicted)).toBeAllClose(expected.data, expected);
  });

  test('agrees with finite differences', () => {
    const target = tensor1d([0, 0, 0, 0]);
    const run = (predicted: Tensor): Tensor => smoothL1({ predicted, target, beta: 0.5 });
    expect(gradientError(run, [tensor1d([0.1, -0.3, 0.9, -4])])).toBeLessThan(1e-3);
  });

  test('is 0 without entries, and so is the gradient', () => {
    const empty = tensor([], [0, 4]);
    const run = (predicted: Tensor): Tensor => smoothL1({ predicted, target: empty, beta: 1 });
    expect(run(empty)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(grad(run)(empty).shape).toEqual([0, 4]);
  });

  test('leaves one new tensor per call', () => {
    const [predicted, target] = [tensor1d([1, 2]), tensor1d([0, 0])];
    expect(newTensors(() => smoothL1({ predicted, target, beta: 1 }))).toBe(1);
    expect(newTensors(() => tidy(() => grad((x) => smoothL1({ predicted: x, target, beta: 1 }))(predicted)))).toBe(1);
  });

  test('refuses a target of another shape', () => {
    expect(() => smoothL1({ predicted: tensor1d([1]), target: tensor1d([1, 2]), beta: 1 })).toThrow(
      'smoothL1: expected target [1], got [2]',
    );
  });
});
