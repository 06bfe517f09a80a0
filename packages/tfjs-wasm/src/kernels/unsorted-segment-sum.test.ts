import { describe, expect, test } from '@jest/globals';
import { newTensors, noise } from '@pffnet/tensor-ops/testing';
import { gather, grad, type Tensor, tensor, tensor1d, unsortedSegmentSum } from '@tensorflow/tfjs-core';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('unsortedSegmentSum on wasm', () => {
  test('adds up the rows of each segment and leaves out what has none', () => {
    const rows = tensor([1, 2, 3, 4, 5, 6], [3, 2]);
    const sums = unsortedSegmentSum(rows, tensor1d([2, -1, 2], 'int32'), 3);
    expect(sums.shape).toEqual([3, 2]);
    expect(Array.from(sums.dataSync())).toEqual([0, 0, 0, 0, 6, 8]);
  });

  test('makes gather differentiable along any axis', async () => {
    for (const axis of [0, 1, 2]) {
      const pick = (x: Tensor): Tensor => gather(x, tensor1d([1, 0, 1], 'int32'), axis);
      await expectSameOnWasm([noise([3, 4, 2], 'x')], (x) => {
        const { shape } = pick(x);
        return grad(pick)(x, tensor(noise(shape, 'upstream').values, shape));
      });
    }
  });

  test('leaves its result and nothing else', () => {
    const x = tensor([1, 2, 3, 4], [2, 2]);
    expect(newTensors(() => grad((rows: Tensor) => gather(rows, [0, 0]))(x))).toBe(1);
  });
});
