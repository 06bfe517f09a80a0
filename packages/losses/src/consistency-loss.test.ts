import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { grads, type Tensor, tensor4d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { consistencyLoss } from './consistency-loss.ts';

const run = (a: Tensor, b: Tensor): Tensor => consistencyLoss(a as Tensor4D, b as Tensor4D);

describe('consistencyLoss', () => {
  test('is the mean squared difference of probabilities', () => {
    // Foreground 1/2 against 3/4: both classes differ by 1/4.
    expect(run(tensor4d([0, 0], [1, 1, 1, 2]), tensor4d([2, 2 + Math.log(3)], [1, 1, 1, 2]))).toBeAllClose(1 / 16, {
      atol: 0,
      rtol: 1e-6,
    });
  });

  test('is 0 between maps that differ by a constant per pixel, and at most 1', () => {
    const a = tensor4d([1, 2, -3, 4], [1, 1, 2, 2]);
    expect(run(a, tensor4d([11, 12, -4, 3], [1, 1, 2, 2]))).toBeAllClose(0, { atol: 0, rtol: 0 });
    const opposite = [tensor4d([1e4, -1e4], [1, 1, 1, 2]), tensor4d([-1e4, 1e4], [1, 1, 1, 2])] as const;
    expect(run(...opposite)).toBeAllClose(1, { atol: 0, rtol: 0 });
  });

  test('matches the reference, value and gradients to both sides', () => {
    const { plain, scalars } = golden('semantic_losses');
    const maps = ['sem', 'ins'].map((name) => nhwc(plain(`${name}_logits`)));
    expect(run(maps[0], maps[1])).toBeAllClose(scalars.consistency.value as number, { atol: 0, rtol: 1e-5 });
    const gradients = grads(run)(maps);
    ['sem', 'ins'].forEach((name, side) => {
      const expected = plain(`grad_cons_${name}`);
      expect(gradients[side]).toBeAllClose(nhwc(expected), expected);
    });
  });

  test('agrees with finite differences in both inputs', () => {
    const a = tensor4d([0.5, 1, 2, -1], [1, 1, 2, 2]);
    const b = tensor4d([0.1, -1, 0.5, 1], [1, 1, 2, 2]);
    expect(gradientError(run, [a, b])).toBeLessThan(1e-3);
  });

  test('leaves one new tensor per call', () => {
    const [a, b] = [tensor4d([1, 2], [1, 1, 1, 2]), tensor4d([2, 1], [1, 1, 1, 2])];
    expect(newTensors(() => run(a, b))).toBe(1);
    expect(newTensors(() => tidy(() => grads(run)([a, b])))).toBe(2);
  });

  test('refuses maps of different sizes', () => {
    expect(() => run(tensor4d([1, 2], [1, 1, 1, 2]), tensor4d([1, 2, 3, 4], [1, 1, 2, 2]))).toThrow(
      'consistencyLoss: expected b [1, 1, 1, 2], got [1, 1, 2, 2]',
    );
  });
});
