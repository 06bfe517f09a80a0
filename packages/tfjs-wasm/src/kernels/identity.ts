import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * The same numbers under a new name. tfjs's kernel copies them; the tape clones every tensor that it keeps, so that
 * would cost time and double the memory of training. Tensors never change, and the engine counts who refers to them.
 */
export const identity: KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  (backend as BackendWasm).incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};
