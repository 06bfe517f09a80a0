import { describe, expect, test } from '@jest/globals';
import { grad, image, type Rank, sum, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { resizeBilinear } from './resize-bilinear.ts';

describe('resizeBilinear', () => {
  test('doubles two columns by quarters', () => {
    const x = tensor([0, 4], [1, 1, 2, 1]) as Tensor4D;
    expect(resizeBilinear(x, 1, 4)).toBeAllClose([0, 1, 3, 4], { atol: 1e-6, rtol: 0 });
  });

  test.each([
    [9, 12],
    [3, 5],
    [6, 7],
    [1, 20],
  ])('equals the half-pixel resize of tfjs, forward, to %i x %i', (height, width) => {
    const x = randomTensor<Rank.R4>([2, 6, 7, 3], 'x');
    const expected = image.resizeBilinear(x, [height, width], false, true);
    expect(resizeBilinear(x, height, width)).toBeAllClose(expected, { atol: 1e-5, rtol: 0 });
  });

  test.each([
    [1, 5, 7],
    [2, 2, 3],
  ])('agrees with finite differences, batch %i to %i x %i', (batch, height, width) => {
    const run = (x: Tensor): Tensor => resizeBilinear(x as Tensor4D, height, width);
    expect(gradientError(run, [randomTensor([batch, 3, 4, 2], 'x')])).toBeLessThan(1e-3);
  });

  test('passes an empty batch through, forward and backward', () => {
    const none = tensor([], [0, 3, 4, 2]) as Tensor4D;
    expect(resizeBilinear(none, 6, 8).shape).toEqual([0, 6, 8, 2]);
    expect(grad((x: Tensor) => sum(resizeBilinear(x as Tensor4D, 6, 8)))(none).shape).toEqual([0, 3, 4, 2]);
  });

  test('leaves one new tensor per call', () => {
    const x = randomTensor<Rank.R4>([1, 3, 3, 2], 'x');
    expect(newTensors(() => resizeBilinear(x, 5, 5))).toBe(1);
  });

  test('names the shape that is no map', () => {
    const run = (): unknown => resizeBilinear(tensor([1, 2]) as unknown as Tensor4D, 2, 2);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('resizeBilinear: expected x [b, h, w, c], got [2]');
  });
});
