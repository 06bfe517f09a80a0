import { describe, expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { grad, maxPool, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('gradient of max pooling on wasm', () => {
  test('goes to the first largest input of each window', () => {
    const x = tensor([1, 5, 5, 2], [1, 2, 2, 1]);
    const gradient = grad((input: Tensor) => maxPool(input as Tensor4D, 2, 2, 'valid'))(x, tensor([3], [1, 1, 1, 1]));
    expect(Array.from(gradient.dataSync())).toEqual([0, 3, 0, 0]);
  });

  test('agrees with the CPU engine for any window, stride and padding', async () => {
    const small = fc.integer({ min: 1, max: 3 });
    const side = fc.integer({ min: 3, max: 9 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ b: fc.integer({ min: 1, max: 2 }), h: side, w: side, c: fc.integer({ min: 1, max: 21 }) }),
        fc.tuple(small, small),
        fc.tuple(small, small),
        fc.constantFrom<'same' | 'valid'>('same', 'valid'),
        async ({ b, h, w, c }, window, strides, pad) => {
          const pool = (x: Tensor): Tensor => maxPool(x as Tensor4D, window, strides, pad);
          await expectSameOnWasm([noise([b, h, w, c], 'x')], (x) => {
            const { shape } = pool(x);
            return grad(pool)(x, tensor(noise(shape, 'upstream').values, shape));
          });
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });
});
