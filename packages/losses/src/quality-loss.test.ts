import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { grad, type Tensor, tensor1d, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { qualityLoss } from './quality-loss.ts';

const against =
  (target: Tensor1D) =>
  (predicted: Tensor): Tensor =>
    qualityLoss({ predicted: predicted as Tensor1D, target });

describe('qualityLoss', () => {
  test('averages half squares over the masks with a target', () => {
    // (0.5^2 / 2 + 1^2 / 2) / 2; the third mask has no target
    expect(against(tensor1d([0.5, 1, 0]))(tensor1d([1, 0, 9]))).toBeAllClose(0.3125, { atol: 0, rtol: 1e-6 });
  });

  test('counts negatives, whose quality is 0', () => {
    const loss = qualityLoss({ predicted: tensor1d([1, 9, 0.5]), target: tensor1d([0.5, 0]), negatives: 1 });
    // (0.5^2 / 2 + 0.5^2 / 2) / 2; the second mask has no target and is no negative
    expect(loss).toBeAllClose(0.125, { atol: 0, rtol: 1e-6 });
  });

  test('matches the reference, value and gradient, edge rows included', () => {
    const { plain, scalars } = golden('quality_head');
    const foreground = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, at) => at % 2 === 1);
    const predicted = tensor1d(foreground(plain('t_pred').data));
    const run = against(tensor1d(Float32Array.from(plain('t_quality').data)));
    expect(run(predicted)).toBeAllClose(scalars.t_quality_loss.value as number, { atol: 0, rtol: 1e-5 });
    const expected = plain('t_grad_pred');
    expect(grad(run)(predicted)).toBeAllClose(foreground(expected.data), expected);
  });

  test('agrees with finite differences', () => {
    expect(gradientError(against(tensor1d([0.4, 0, 0.9])), [tensor1d([0.1, 3, -2])])).toBeLessThan(1e-3);
    const withNegatives = (predicted: Tensor): Tensor =>
      qualityLoss({ predicted: predicted as Tensor1D, target: tensor1d([0.4, 0]), negatives: 1 });
    expect(gradientError(withNegatives, [tensor1d([0.1, 3, 2])])).toBeLessThan(1e-3);
  });

  test.each([
    ['masks', []],
    ['targets above 0', [0, 0]],
  ])('is 0 without %s, with zero gradients', (_, target) => {
    const predicted = tensor1d(target.map(() => 5));
    const run = against(tensor1d(target));
    expect(run(predicted)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(grad(run)(predicted)).toBeAllClose(target, { atol: 0, rtol: 0 });
  });

  test('leaves one new tensor per call', () => {
    const [predicted, run] = [tensor1d([1]), against(tensor1d([0.5]))];
    expect(newTensors(() => run(predicted))).toBe(1);
    expect(newTensors(() => tidy(() => grad(run)(predicted)))).toBe(1);
  });

  test('refuses a target of another length', () => {
    expect(() => against(tensor1d([1, 2]))(tensor1d([1]))).toThrow('qualityLoss: expected target [1], got [2]');
  });
});
