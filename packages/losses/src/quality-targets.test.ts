import { describe, expect, test } from '@jest/globals';
import { golden, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { add, grad, sum, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import { qualityTargets } from './quality-targets.ts';

describe('qualityTargets', () => {
  // Foreground logits 1, 1, -1, -1 over four cells.
  const logits = tensor4d([0, 1, 0, 1, 0, -1, 0, -1], [1, 2, 2, 2]);

  test.each([
    ['is 1 for the true mask', [1, 1, 0, 0], 1, 1],
    ['averages IoU 1/3 and Dice 1/2', [1, 0, 1, 0], 1, (1 / 3 + 1 / 2) / 2],
    ['counts the part of the object outside the box', [1, 1, 0, 0], 0.5, (2 / 4 + 4 / 6) / 2],
    ['is nearly 0 for an object that lies beside its box', [1, 1, 0, 0], 0, 1.5e-10],
    ['is 0 without an object', [0, 0, 0, 0], 0, 0],
  ])('%s', (_, targets, fraction, expected) => {
    const inputs = { logits, targets: Float32Array.from(targets), inBoxFraction: Float32Array.of(fraction) };
    expect(qualityTargets(inputs)).toBeAllClose([expected], { atol: 0, rtol: 1e-6 });
  });

  test('matches the reference, edge rows included', () => {
    const { plain } = golden('quality_head');
    const targets = Float32Array.from(plain('t_targets').data);
    const inBoxFraction = Float32Array.from(plain('t_ratio').data);
    const expected = plain('t_quality');
    const computed = qualityTargets({ logits: nhwc(plain('t_logits')) as Tensor4D, targets, inBoxFraction });
    expect(computed).toBeAllClose(expected.data, expected);
  });

  test('passes no gradient', () => {
    const constants = { targets: Float32Array.of(1, 1, 0, 0), inBoxFraction: Float32Array.of(1) };
    const gradient = grad((x) => add(sum(qualityTargets({ logits: x as Tensor4D, ...constants })), sum(x)))(logits);
    expect(gradient).toBeAllClose(new Float32Array(8).fill(1), { atol: 0, rtol: 0 });
  });

  test('is empty without masks', () => {
    const none = { targets: new Float32Array(0), inBoxFraction: new Float32Array(0) };
    expect(qualityTargets({ logits: tensor4d([], [0, 28, 28, 2]), ...none }).shape).toEqual([0]);
  });

  test('leaves one new tensor per call', () => {
    const constants = { targets: new Float32Array(4), inBoxFraction: new Float32Array(1) };
    expect(newTensors(() => qualityTargets({ logits, ...constants }))).toBe(1);
  });

  test('refuses fractions of another number', () => {
    expect(() => qualityTargets({ logits, targets: new Float32Array(4), inBoxFraction: new Float32Array(2) })).toThrow(
      'qualityTargets: expected 1 in-box fractions, got 2',
    );
  });
});
