import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { grad, type Tensor, tensor4d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { maskLoss } from './mask-loss.ts';

const of =
  (targets: ArrayLike<number>) =>
  (logits: Tensor): Tensor =>
    maskLoss({ logits: logits as Tensor4D, targets: Float32Array.from(targets) });

describe('maskLoss', () => {
  test('reads the foreground channel alone', () => {
    const logits = tensor4d([77, 0, -77, Math.log(3)], [2, 1, 1, 2]);
    expect(of([1, 0])(logits)).toBeAllClose((Math.log(2) + Math.log(4)) / 2, { atol: 0, rtol: 1e-6 });
  });

  test('matches the reference, value and gradient', () => {
    const { plain, scalars } = golden('mask_head');
    const run = of(plain('mask_targets').data);
    const logits = nhwc(plain('logits'));
    expect(run(logits)).toBeAllClose(scalars.mask_loss.value as number, { atol: 0, rtol: 1e-5 });
    const expected = plain('grad_logits');
    expect(grad(run)(logits)).toBeAllClose(nhwc(expected), expected);
  });

  test('agrees with finite differences', () => {
    const logits = tensor4d([0.5, 1, 2, -3, -1, 0.2, 4, 0], [1, 2, 2, 2]);
    expect(gradientError(of([1, 0, 0, 1]), [logits])).toBeLessThan(1e-3);
  });

  test('stays finite and exact where logits are saturated', () => {
    const logits = tensor4d([0, 1e4, 0, -1e4], [2, 1, 1, 2]);
    expect(of([1, 0])(logits)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(of([0, 1])(logits)).toBeAllClose(1e4, { atol: 0, rtol: 1e-6 });
    expect(grad(of([0, 1]))(logits)).toBeAllClose([0, 0.5, 0, -0.5], { atol: 0, rtol: 0 });
  });

  test('is 0 without masks, with an empty gradient', () => {
    const logits = tensor4d([], [0, 28, 28, 2]);
    expect(of([])(logits)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(grad(of([]))(logits).shape).toEqual([0, 28, 28, 2]);
  });

  test('leaves one new tensor per call', () => {
    const logits = tensor4d([1, 2], [1, 1, 1, 2]);
    expect(newTensors(() => of([1])(logits))).toBe(1);
    expect(newTensors(() => tidy(() => grad(of([1]))(logits)))).toBe(1);
  });

  test('refuses targets of another size', () => {
    expect(() => of([1, 0])(tensor4d([1, 2], [1, 1, 1, 2]))).toThrow('maskLoss: expected 1 targets, got 2');
  });
});
