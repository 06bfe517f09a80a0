import { describe, expect, test } from '@jest/globals';
import { grads, mul, relu, sum, tensor, type Tensor, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { golden, goldenWeight, gradientError, newTensors, nhwc, randomTensor } from '../testing/index.ts';
import { groupNormalize } from './group-normalize.ts';

describe('groupNormalize', () => {
  test('gives each group mean 0 and variance 1', () => {
    // Two groups of one channel, two pixels: (1, 3) and (10, 30).
    const x = tensor([1, 10, 3, 30], [1, 1, 2, 2]) as Tensor4D;
    const y = groupNormalize(x, tensor([1, 1]), tensor([0, 0]), 2);
    expect(y).toBeAllClose([-1, -1, 1, 1], { atol: 1e-5, rtol: 0 });
  });

  test.each([
    ['a 4-D map', 'x0', 'gn0', 64],
    ['rows of features', 'x1', 'gn1', 1024],
  ])('matches the reference on %s, forward and backward', (_, name, layer, channels) => {
    const { plain, tag } = golden('groupnorm');
    const suffix = name[1];
    const x = nhwc(plain(name)) as Tensor4D;
    const scale = tensor(goldenWeight(tag, `${layer}.weight`, [channels]));
    const shift = tensor(goldenWeight(tag, `${layer}.bias`, [channels]));
    const upstream = nhwc(plain(`upstream${suffix}`));
    const loss = (...[input, gamma, beta]: Tensor[]): Tensor =>
      sum(mul(groupNormalize(input as Tensor4D, gamma, beta, 32), upstream));
    const expected = (key: string): [Tensor, { atol: number; rtol: number }] => {
      const stored = plain(`${key}${suffix}`);
      return [nhwc(stored), stored];
    };
    expect(groupNormalize(x, scale, shift, 32)).toBeAllClose(...expected('y'));
    const [dx, dScale, dShift] = tidy(() => grads(loss)([x, scale, shift]));
    expect(dx).toBeAllClose(...expected('grad_x'));
    expect(dScale).toBeAllClose(...expected('grad_weight'));
    expect(dShift).toBeAllClose(...expected('grad_bias'));
  });

  test('agrees with finite differences in all three inputs', () => {
    const run = (...[x, scale, shift]: Tensor[]): Tensor => groupNormalize(x as Tensor4D, scale, shift, 2);
    expect(
      gradientError(run, [randomTensor([2, 3, 2, 4], 'x'), randomTensor([4], 'scale'), randomTensor([4], 'shift')]),
    ).toBeLessThan(2e-3);
  });

  test('applies a ReLU to what it gives without one, and agrees with finite differences there', () => {
    const inputs = [randomTensor([2, 3, 2, 4], 'x'), randomTensor([4], 'scale'), randomTensor([4], 'shift')];
    const run = (...[x, scale, shift]: Tensor[]): Tensor => groupNormalize(x as Tensor4D, scale, shift, 2, 'relu');
    const [x, scale, shift] = inputs;
    expect(run(...inputs)).toBeAllClose(relu(groupNormalize(x as Tensor4D, scale, shift, 2)), { atol: 0, rtol: 0 });
    expect(gradientError(run, inputs)).toBeLessThan(2e-3);
  });

  test('passes an empty batch through, forward and backward', () => {
    const run = (...[x, scale, shift]: Tensor[]): Tensor => groupNormalize(x as Tensor2D, scale, shift, 2);
    const inputs = [tensor([], [0, 4]), tensor([1, 1, 1, 1]), tensor([0, 0, 0, 0])];
    expect(run(...inputs).shape).toEqual([0, 4]);
    const gradients = grads((...values: Tensor[]) => sum(run(...values)))(inputs);
    expect(gradients.map(({ shape }) => shape)).toEqual([[0, 4], [4], [4]]);
    expect(gradients[1]).toBeAllClose([0, 0, 0, 0], { atol: 0, rtol: 0 });
  });

  test('leaves one new tensor per call', () => {
    const [x, scale, shift] = [
      randomTensor([1, 4, 4, 4], 'x') as Tensor4D,
      randomTensor([4], 's'),
      randomTensor([4], 'b'),
    ];
    expect(newTensors(() => groupNormalize(x, scale, shift, 2))).toBe(1);
  });

  test('names the channels that groups do not divide', () => {
    expect(() => groupNormalize(randomTensor([1, 6], 'x') as Tensor2D, tensor([1]), tensor([0]), 4)).toThrow(
      'groupNormalize: expected a number of channels that 4 groups divide, got 6',
    );
  });
});
