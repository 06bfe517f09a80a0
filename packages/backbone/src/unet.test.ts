import { describe, expect, test } from '@jest/globals';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { createUnet } from './unet.ts';

const tiny = { width: 4, depth: 2, groups: 2 };

describe('createUnet', () => {
  test('gives features of every pixel, at the size of the images, in one tensor', () => {
    using scope = ParamScope.root(1);
    const unet = createUnet(scope, tiny);
    expect([unet.multiple, unet.channels]).toEqual([4, 4]);
    const images = randomTensor([2, 8, 12, 3], 'images') as Tensor4D;
    expect(unet.extract(images).shape).toEqual([2, 8, 12, 4]);
    expect(newTensors(() => unet.extract(images))).toBe(1);
  });

  test('doubles the channels with every pooling', () => {
    using scope = ParamScope.root(1);
    createUnet(scope, tiny, 5);
    const shapeOf = (path: string): number[] | undefined => scope.variables().get(path)?.shape;
    expect(shapeOf('down0/first/kernel')).toEqual([3, 3, 5, 4]);
    expect(shapeOf('down2/second/kernel')).toEqual([3, 3, 16, 16]);
    expect(shapeOf('up1/enlarge/kernel')).toEqual([1, 1, 16, 32]);
    expect(shapeOf('up0/first/kernel')).toEqual([3, 3, 8, 4]);
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(1);
    const unet = createUnet(scope, { width: 2, depth: 1, groups: 1 });
    const run = (image: Tensor): Tensor => unet.extract(image as Tensor4D);
    expect(gradientError(run, [randomTensor([1, 4, 4, 3], 'image')])).toBeLessThan(5e-3);
  });

  test('refuses groups that do not divide the channels', () => {
    using scope = ParamScope.root(1);
    expect(() => createUnet(scope, { width: 4, depth: 1, groups: 3 })).toThrow(
      'unet.groups is 3, which does not divide unet.width, 4; expected a divisor of it',
    );
  });
});
