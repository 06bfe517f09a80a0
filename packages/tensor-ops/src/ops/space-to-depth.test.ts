import { describe, expect, test } from '@jest/globals';
import { grad, range, type Rank, reshape, sum, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import { golden, gradientError, newTensors, nhwc, randomTensor } from '../testing/index.ts';
import { pixelShuffle, spaceToDepth } from './space-to-depth.ts';

describe('spaceToDepth', () => {
  test('packs a block row by row', () => {
    //  0  1 | 2  3
    //  4  5 | 6  7
    const x = reshape(range(0, 8), [1, 2, 4, 1]) as Tensor4D;
    const packed = spaceToDepth(x, 2);
    expect(packed.shape).toEqual([1, 1, 2, 4]);
    expect([...packed.dataSync()]).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
  });

  test('keeps the cells of one channel together', () => {
    const x = tensor([0, 10, 1, 11, 2, 12, 3, 13], [1, 2, 2, 2]) as Tensor4D;
    expect([...spaceToDepth(x, 2).dataSync()]).toEqual([0, 1, 2, 3, 10, 11, 12, 13]);
  });

  test('matches the reference', () => {
    const { plain } = golden('quality_head');
    const packed = spaceToDepth(nhwc(plain('mask_prob')) as Tensor4D, 2);
    expect(packed).toBeAllClose(nhwc(plain('packed_space_to_depth')), { atol: 0, rtol: 0 });
  });

  test('names the block that does not divide the map', () => {
    const run = (): unknown => spaceToDepth(randomTensor<Rank.R4>([1, 3, 4, 1], 'x'), 2);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('spaceToDepth: expected rows and columns that 2 divides, got 3 x 4');
  });
});

describe('pixelShuffle', () => {
  test('spreads channels over a block row by row', () => {
    const x = tensor([0, 1, 2, 3, 10, 11, 12, 13], [1, 1, 1, 8]) as Tensor4D;
    const spread = pixelShuffle(x, 2);
    expect(spread.shape).toEqual([1, 2, 2, 2]);
    expect([...spread.dataSync()]).toEqual([0, 10, 1, 11, 2, 12, 3, 13]);
  });

  test.each([1, 2, 3])('is undone by spaceToDepth, block %i', (block) => {
    const x = randomTensor<Rank.R4>([2, 3, 4, 2 * block * block], 'x');
    const spread = pixelShuffle(x, block);
    expect(spread.shape).toEqual([2, 3 * block, 4 * block, 2]);
    expect(spaceToDepth(spread, block)).toBeAllClose(x, { atol: 0, rtol: 0 });
  });

  test('names the channels that the block does not divide', () => {
    const run = (): unknown => pixelShuffle(randomTensor<Rank.R4>([1, 2, 2, 6], 'x'), 2);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('pixelShuffle: expected a number of channels that 4 divides, got 6');
  });
});

describe.each([
  ['spaceToDepth', spaceToDepth, [0, 1, 1, 16]],
  ['pixelShuffle', pixelShuffle, [0, 4, 4, 1]],
] as const)('%s', (_, op, emptyShape) => {
  test('agrees with finite differences', () => {
    const run = (x: Tensor): Tensor => op(x as Tensor4D, 2);
    expect(gradientError(run, [randomTensor([2, 2, 4, 4], 'x')])).toBeLessThan(1e-3);
  });

  test('passes an empty batch through, forward and backward', () => {
    const none = tensor([], [0, 2, 2, 4]) as Tensor4D;
    expect(op(none, 2).shape).toEqual(emptyShape);
    expect(grad((x: Tensor) => sum(op(x as Tensor4D, 2)))(none).shape).toEqual([0, 2, 2, 4]);
  });

  test('leaves one new tensor per call', () => {
    const x = randomTensor<Rank.R4>([1, 2, 2, 4], 'x');
    expect(newTensors(() => op(x, 2))).toBe(1);
  });
});
