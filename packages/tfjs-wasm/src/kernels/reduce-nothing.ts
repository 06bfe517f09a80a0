import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type ReductionAttributes, reductionOf } from './sum.ts';

/**
 * Makes a reduction over an empty axis give `value`; tfjs's kernel returns uninitialised memory.
 * @param value - as tfjs's CPU engine has it; an int32 of NaN is 0.
 */
export const reduceNothing =
  (value: number) =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    if (util.sizeFromShape(x.shape) > 0) return original(call);
    const backend = call.backend as BackendWasm;
    const { shape } = reductionOf(x, call.attrs as unknown as ReductionAttributes);
    const result = backend.makeOutput(shape, x.dtype);
    backend.typedArrayFromHeap(result).fill(value);
    return result;
  };
