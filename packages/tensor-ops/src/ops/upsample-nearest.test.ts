import { describe, expect, test } from '@jest/globals';
import { grad, image, type Rank, sum, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { upsampleNearest } from './upsample-nearest.ts';

describe('upsampleNearest', () => {
  test('repeats every cell', () => {
    const x = tensor([1, 2, 3, 4], [1, 2, 2, 1]) as Tensor4D;
    expect([...upsampleNearest(x, 2).dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });

  test.each([1, 2, 3, 4])('equals the resize of tfjs, factor %i', (factor) => {
    const x = randomTensor<Rank.R4>([2, 3, 5, 4], 'x');
    const expected = image.resizeNearestNeighbor(x, [3 * factor, 5 * factor]);
    expect(upsampleNearest(x, factor)).toBeAllClose(expected, { atol: 0, rtol: 0 });
  });

  test.each([1, 2, 3])('agrees with finite differences, factor %i', (factor) => {
    const run = (x: Tensor): Tensor => upsampleNearest(x as Tensor4D, factor);
    expect(gradientError(run, [randomTensor([2, 2, 3, 2], 'x')])).toBeLessThan(1e-3);
  });

  test('passes an empty batch through, forward and backward', () => {
    const none = tensor([], [0, 3, 4, 2]) as Tensor4D;
    expect(upsampleNearest(none, 2).shape).toEqual([0, 6, 8, 2]);
    expect(grad((x: Tensor) => sum(upsampleNearest(x as Tensor4D, 2)))(none).shape).toEqual([0, 3, 4, 2]);
  });

  test('leaves one new tensor per call', () => {
    const x = randomTensor<Rank.R4>([1, 3, 3, 2], 'x');
    expect(newTensors(() => upsampleNearest(x, 2))).toBe(1);
  });

  test('names the shape that is no map and the factor that is no count', () => {
    const x = randomTensor<Rank.R4>([1, 2, 2, 1], 'x');
    expect(() => upsampleNearest(x, 1.5)).toThrow(ShapeError);
    expect(() => upsampleNearest(x, 1.5)).toThrow('upsampleNearest: expected a whole factor of at least 1, got 1.5');
    expect(() => upsampleNearest(tensor([1]) as unknown as Tensor4D, 2)).toThrow(
      'upsampleNearest: expected x [b, h, w, c], got [1]',
    );
  });
});
