import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo, TileAttrs } from '@tensorflow/tfjs-core';

/** Repeats along each axis. It copies contiguous blocks; tfjs's kernel copies number by number. */
export const tile: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  const { reps } = attrs as unknown as TileAttrs;
  const wasm = backend as BackendWasm;
  const result = wasm.makeOutput(
    x.shape.map((size, axis) => size * reps[axis]),
    x.dtype,
  );
  const from = wasm.typedArrayFromHeap(x);
  const to = wasm.typedArrayFromHeap(result);
  let read = 0;
  let written = 0;
  /** Writes the next block of this axis and those after it, then repeats it. */
  const write = (axis: number): void => {
    const start = written;
    if (axis === x.shape.length) to[written++] = from[read++];
    else if (axis === x.shape.length - 1) {
      to.set(from.subarray(read, read + x.shape[axis]), written);
      read += x.shape[axis];
      written += x.shape[axis];
    } else for (let index = 0; index < x.shape[axis]; index++) write(axis + 1);
    const length = written - start;
    for (let repetition = 1; repetition < (reps[axis] ?? 1); repetition++, written += length) {
      to.copyWithin(written, start, start + length);
    }
  };
  if (to.length > 0) write(0);
  return result;
};
