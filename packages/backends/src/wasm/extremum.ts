import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** Writes the chosen of a[i] and b[i * step]. */
type ChooseAll = (to: Float32Array, a: Float32Array, b: Float32Array, step: 0 | 1) => void;

const larger: ChooseAll = (to, a, b, step) => {
  for (let index = 0; index < to.length; index++) to[index] = Math.max(a[index], b[index * step]);
};
const smaller: ChooseAll = (to, a, b, step) => {
  for (let index = 0; index < to.length; index++) to[index] = Math.min(a[index], b[index * step]);
};

/**
 * The choice for two tensors of one shape, or a tensor and one number. tfjs's kernel, many times slower, keeps the other
 * broadcasts.
 */
const choosing =
  (chooseAll: ChooseAll) =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const oneNumber = util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length;
    const alike = oneNumber || util.arraysEqual(a.shape, b.shape);
    if (!alike || a.dtype !== 'float32' || b.dtype !== 'float32') return original(call);
    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(a.shape, 'float32');
    const [to, left, right] = [result, a, b].map((tensor) => backend.typedArrayFromHeap(tensor) as Float32Array);
    chooseAll(to, left, right, oneNumber ? 0 : 1);
    return result;
  };

/** Makes the kernel of the larger of two numbers, given tfjs's. */
export const maximum = choosing(larger);
/** Makes the kernel of the smaller of two numbers, given tfjs's. */
export const minimum = choosing(smaller);
