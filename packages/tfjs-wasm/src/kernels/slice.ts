import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type SliceAttrs, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** Shorter runs of numbers are left to tfjs's kernel. */
const FEW = 16;

/**
 * Makes the Slice kernel, which copies contiguous runs of numbers whole.
 * @param original - tfjs's kernel.
 */
export const slice =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { begin, size } = call.attrs as unknown as SliceAttrs;
    const [starts, sizes] = slice_util.parseSliceParams(x as never, begin, size);
    // Axes after `axis` are taken whole: their numbers are neighbours.
    let axis = x.shape.length - 1;
    while (axis > 0 && sizes[axis] === x.shape[axis]) axis--;
    const strides = [...util.computeStrides(x.shape), 1];
    const run = (sizes[axis] ?? 0) * strides[axis];
    const count = util.sizeFromShape(sizes);
    if (x.dtype === 'string' || run < FEW || count === 0) return original(call);

    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(sizes, x.dtype);
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    const place = sizes.slice(0, axis).map(() => 0);
    for (let written = 0; written < count; written += run) {
      let start = starts[axis] * strides[axis];
      for (let outer = 0; outer < axis; outer++) start += (starts[outer] + place[outer]) * strides[outer];
      to.set(from.subarray(start, start + run), written);
      for (let outer = axis - 1; outer >= 0 && ++place[outer] === sizes[outer]; outer--) place[outer] = 0;
    }
    return result;
  };
