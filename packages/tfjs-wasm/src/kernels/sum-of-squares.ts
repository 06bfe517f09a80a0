import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf } from './convolution.ts';
import { requireNative } from '../native-of.ts';
import { sumRows } from './sum-rows.ts';

/** A kernel that tfjs does not have: the sum of the squares of all numbers of its inputs, whatever their names; a scalar. */
export const sumOfSquares: KernelFunc = ({ inputs, backend }) => {
  const wasm = backend as BackendWasm;
  let total = 0;
  for (const input of Object.values(inputs) as TensorInfo[]) {
    const numbers = { source: addressOf(wasm, input), rows: 1, count: util.sizeFromShape(input.shape) };
    total += sumRows(requireNative(wasm), numbers, 'square')[0];
  }
  return wasm.makeOutput([], 'float32', undefined, Float32Array.of(total));
};
