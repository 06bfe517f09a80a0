import { expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { grad, maxPool, setBackend, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { describeOnAdapter, expectSameOnGpu } from '../../test/on-adapter.ts';

describeOnAdapter('the gradient of max pooling on WebGPU', () => {
  test('goes to the first largest number of each window, no longer to the last', async () => {
    await setBackend('webgpu');
    const x = tensor([1, 5, 5, 2], [1, 2, 2, 1]);
    const slope = grad((input: Tensor) => maxPool(input as Tensor4D, 2, 2, 'valid'))(x, tensor([3], [1, 1, 1, 1]));
    expect([...(await slope.data())]).toEqual([0, 3, 0, 0]);
  });

  test.each([
    { window: 3, stride: 2, pad: 'same' as const },
    { window: 2, stride: 1, pad: 'valid' as const },
    { window: 2, stride: 3, pad: 'same' as const },
  ])('agrees with the CPU engine: $window by $stride, $pad', async ({ window, stride, pad }) => {
    const pool = (x: Tensor): Tensor => maxPool(x as Tensor4D, window, stride, pad);
    await expectSameOnGpu([noise([2, 9, 8, 3], 'x')], (x) => {
      const { shape } = pool(x);
      return grad(pool)(x, tensor(noise(shape, 'upstream').values, shape));
    });
  });
});
