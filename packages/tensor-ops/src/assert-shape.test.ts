import { describe, expect, test } from '@jest/globals';
import { zeros } from '@tensorflow/tfjs-core';
import { assertShape } from './assert-shape.ts';
import { ShapeError } from '@pffnet/structures';
import './testing/index.ts';

describe('assertShape', () => {
  test('takes sizes as they are, and a letter for any size that repeats', () => {
    expect(() => assertShape('fuse', 'masks', zeros([3, 28, 28, 2]), ['n', 's', 's', 2])).not.toThrow();
    expect(() => assertShape('fuse', 'masks', zeros([0, 1, 1, 2]), ['n', 's', 's', 2])).not.toThrow();
  });

  test.each([
    ['another rank', [3, 28, 28]],
    ['another size', [3, 28, 28, 1]],
    ['a letter with two sizes', [3, 28, 14, 2]],
  ])('names %s', (_, shape) => {
    const run = (): void => assertShape('fuse', 'masks', zeros(shape), ['n', 's', 's', 2]);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(`fuse: expected masks [n, s, s, 2], got [${shape.join(', ')}]`);
  });
});
