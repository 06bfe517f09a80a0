import { expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { engine, fill, mean, memory, setBackend, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { describeOnAdapter, expectSameOnGpu } from '../../test/on-adapter.ts';

describeOnAdapter('reductions on WebGPU', () => {
  test('the mean of a million times 0.1 is 0.1, not 0.100004', async () => {
    await setBackend('webgpu');
    expect((await mean(fill([1_000_000], 0.1)).data())[0]).toBeCloseTo(0.1, 7);
  });

  test.each([
    { shape: [3, 5], axes: [1] },
    { shape: [4, 3, 40_000], axes: [0, 2] },
    { shape: [70_000, 2], axes: [1] },
    { shape: [17, 400, 5], axes: [0, 1] },
  ])('sums agree with the CPU engine: $shape along $axes', async ({ shape, axes }) => {
    await expectSameOnGpu([noise(shape, 'x')], (x) => sum(x, axes), { atol: 1e-3, rtol: 1e-5 });
  });

  test('of nothing are what they are for the CPU engine', async () => {
    await setBackend('webgpu');
    expect([...(await sum(tensor([], [2, 0]), 1).data())]).toEqual([0, 0]);
  });

  test('the sum of the squares of several tensors is one number, and leaves nothing else', async () => {
    await setBackend('webgpu');
    const terms = { a: fill([40_000], 0.5), b: tensor([3, 4]), c: tensor([], [0, 3]) };
    const before = memory().numTensors;
    const total = engine().runKernel<Tensor>('SumOfSquares', terms, {});
    expect([...(await total.data())]).toEqual([10_025]);
    expect(memory().numTensors).toBe(before + 1);
  });
});
