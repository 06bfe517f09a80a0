import { describe, expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { conv2d, setBackend, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('NativeEngine', () => {
  test('gives the same bits every time, however the threads share the work', async () => {
    await setBackend('wasm');
    const [x, kernel] = [noise([1, 64, 64, 32], 'x'), noise([3, 3, 32, 64], 'kernel')].map(({ values, shape }) =>
      tensor(values, [...shape]),
    );
    const run = (): Uint8Array => {
      const y = conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same');
      const bytes = new Uint8Array(y.dataSync().buffer as ArrayBuffer);
      y.dispose();
      return bytes;
    };
    const first = run();
    for (let round = 0; round < 20; round++) {
      expect(Buffer.compare(run(), first)).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, round % 3)); // let workers start, and fall asleep
    }
  });
});
