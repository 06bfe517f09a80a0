import '@tensorflow/tfjs-backend-wasm';
import { afterEach, describe, expect, test } from '@jest/globals';
import { grad, maxPool, mul, setBackend, sum, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { noise } from '../test/noise.ts';
import { subsample } from './subsample.ts';

afterEach(async () => {
  await setBackend('cpu');
});

describe('subsample', () => {
  test('keeps the first of two rows and of two columns', () => {
    const x: Tensor4D = tensor(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
        [13, 14, 15, 16],
      ].flat(),
      [1, 4, 4, 1],
    );
    expect(subsample(x)).toBeAllClose([1, 3, 9, 11], { atol: 0, rtol: 0 });
  });

  test.each([
    [2, 4],
    [3, 5],
    [1, 1],
    [1, 4],
  ])('is a 1x1 max-pool at stride 2: %i x %i', (height, width) => {
    const x = noise([1, height, width, 3]);
    const pooled = maxPool(x, 1, 2, 0, 'floor');
    expect(subsample(x).shape).toEqual(pooled.shape);
    expect(subsample(x)).toBeAllClose(pooled, { atol: 0, rtol: 0 });
  });

  test('has the gradient of central differences', () => {
    expect(gradientError((x) => subsample(x as Tensor4D), [noise([1, 3, 4, 2])], { step: 1e-2 })).toBeLessThan(1e-4);
  });

  test('has the same gradient on the WASM engine, also of negative values', async () => {
    const weighted = (x: Tensor): Tensor => sum(mul(subsample(x as Tensor4D), noise([1, 2, 3, 4], 2)));
    const expected = grad(weighted)(noise([1, 4, 5, 4])).dataSync();
    await setBackend('wasm');
    expect(grad(weighted)(noise([1, 4, 5, 4]))).toBeAllClose(expected, { atol: 0, rtol: 0 });
  });

  test('leaves one new tensor per call', () => {
    const x = noise([1, 3, 4, 2]);
    expect(newTensors(() => subsample(x))).toBe(1);
  });
});
