import { describe, expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import {
  depthwiseConv2d,
  einsum,
  getKernelsForBackend,
  grads,
  memory,
  setBackend,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

describe('kernels borrowed from the CPU engine', () => {
  test('fill every gap, except for complex numbers and canvases', () => {
    const names = (engine: string): string[] => getKernelsForBackend(engine).map(({ kernelName }) => kernelName);
    const onWasm = new Set(names('wasm'));
    expect(
      names('cpu')
        .filter((name) => !onWasm.has(name))
        .sort(),
    ).toEqual(['Complex', 'ComplexAbs', 'Draw', 'FFT', 'IFFT', 'Imag', 'Real']);
  });

  test('compute on the heap what they compute on the CPU engine', async () => {
    const depthwise = (x: Tensor, kernel: Tensor): Tensor =>
      sum(depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same'));
    await expectSameOnWasm([noise([2, 5, 6, 3], 'x'), noise([3, 3, 3, 2], 'kernel')], (x, kernel) =>
      grads(depthwise)([x, kernel]),
    );
    await expectSameOnWasm([noise([4, 5], 'a'), noise([5, 6], 'b')], (a, b) => einsum('ij,jk->ki', a, b));
  });

  test('leave their result and nothing else', async () => {
    await setBackend('wasm');
    const [a, b] = [tensor([1, 2, 3, 4], [2, 2]), tensor([1, 2, 3, 4], [2, 2])];
    const before = memory().numDataBuffers;
    const product = einsum('ij,jk->ik', a, b);
    expect(memory().numDataBuffers).toBe(before + 1);
    expect(Array.from(product.dataSync())).toEqual([7, 10, 15, 22]);
    product.dispose();
  });
});
