import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { CastAttrs, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Makes the kernel of casts: to bool, everything but 0 is true, NaN too.
 * @param original - tfjs's kernel, for other types. To bool it keeps the lowest byte of the truncated number: 0.9 and 256
 * are false there, and two values that are true may differ.
 */
export const cast =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { dtype } = call.attrs as unknown as CastAttrs;
    if (dtype !== 'bool' || x.dtype === 'bool') return original(call);
    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(x.shape, 'bool');
    const truths = backend.typedArrayFromHeap(result);
    backend.typedArrayFromHeap(x).forEach((value, index) => (truths[index] = Number(value !== 0)));
    return result;
  };
