import { describe, expect, test } from '@jest/globals';
import { grad, mirrorPad, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { gradientError, newTensors, noise } from '@pffnet/tensor-ops/testing';
import { loadBackend } from '../load-backend.ts';

await loadBackend('cpu');

const upstream = tensor([1, 10, 100, 1000, 10_000, 100_000]);

describe('the gradient of mirrorPad', () => {
  test.each([
    ['reflect', [100, 10 + 1000 + 100_000, 1 + 10_000]],
    ['symmetric', [10 + 100, 1 + 1000, 10_000 + 100_000]],
  ] as const)('gives the border back to what it mirrors, which was dropped: %s', (mode, expected) => {
    const pad = (x: Tensor): Tensor => mirrorPad(x, [[2, 1]], mode);
    expect([...grad(pad)(tensor([1, 2, 3]), upstream).dataSync()]).toEqual(expected);
  });

  test.each(['reflect', 'symmetric'] as const)('agrees with finite differences on images, %s', (mode) => {
    const x = tensor(noise([2, 3, 4], 'x').values, [2, 3, 4]);
    const paddings: [number, number][] = [[1, 0], [0, 2], [1, 3]]; // prettier-ignore
    expect(gradientError((input: Tensor) => mirrorPad(input, paddings, mode), [x])).toBeLessThan(2e-3);
  });

  test('of no border is what comes in, and leaves nothing else', () => {
    const pad = grad((x: Tensor) => mirrorPad(x, [[0, 0]], 'reflect'));
    const x = tensor([1, 2]);
    expect([...pad(x, tensor([5, 7])).dataSync()]).toEqual([5, 7]);
    expect(newTensors(() => pad(x, x))).toBe(1);
  });
});
