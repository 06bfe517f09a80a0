import { expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { conv2d, grads, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeOnAdapter, expectSameOnGpu } from '../../test/on-adapter.ts';

type Pad = 'same' | 'valid' | number;

/** Both gradients of a convolution. */
const gradients =
  (strides: [number, number], pad: Pad) =>
  (x: Tensor, filter: Tensor): Tensor[] => {
    const convolve = (...[images, kernels]: Tensor[]): Tensor =>
      conv2d(images as Tensor4D, kernels as Tensor4D, strides, pad);
    const { shape } = convolve(x, filter);
    return grads(convolve)([x, filter], tensor(noise(shape, 'upstream').values, shape));
  };

describeOnAdapter('the gradients of a convolution on WebGPU', () => {
  test('agree with the CPU engine for any filter, stride and padding', async () => {
    const small = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ b: fc.integer({ min: 1, max: 3 }), h: fc.integer({ min: 4, max: 9 }), c: fc.integer({ min: 1, max: 9 }) }),
        fc.tuple(small, small, fc.integer({ min: 1, max: 7 })),
        fc.tuple(small, small),
        fc.constantFrom<Pad>('same', 'valid'),
        async ({ b, h, c }, [height, width, out], strides, pad) => {
          const inputs = [noise([b, h, h + 1, c], 'x'), noise([height, width, c, out], 'filter')];
          await expectSameOnGpu(inputs, gradients(strides, pad));
        },
      ),
      { numRuns: 25, seed: 5 },
    ); // prettier-ignore
    expect.hasAssertions();
  });

  test.each([
    { name: 'many tiles', x: [1, 9, 9, 70], filter: [3, 3, 70, 40] },
    { name: 'a depth in parts', x: [2, 40, 40, 3], filter: [3, 3, 3, 5] },
    { name: 'RoIs', x: [20, 7, 7, 8], filter: [3, 3, 8, 8] },
    { name: 'strides of two and padding by numbers', x: [1, 11, 10, 5], filter: [3, 3, 5, 6], strides: 2, pad: 1 },
  ])('agree with the CPU engine: $name', async ({ x, filter, strides = 1, pad = 'same' as Pad }) => {
    await expectSameOnGpu([noise(x, 'x'), noise(filter, 'filter')], gradients([strides, strides], pad), {
      atol: 1e-3,
      rtol: 1e-4,
    });
  });
});
