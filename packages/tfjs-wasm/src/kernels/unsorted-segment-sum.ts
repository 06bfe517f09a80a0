import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, type UnsortedSegmentSumAttrs, util } from '@tensorflow/tfjs-core';

/** Adds up the rows of each segment: the gradient of a gather. */
export const unsortedSegmentSum: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
  const wasm = backend as BackendWasm;
  const result = wasm.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
  const sums = wasm.typedArrayFromHeap(result);
  const values = wasm.typedArrayFromHeap(x);
  const segments = wasm.typedArrayFromHeap(segmentIds);
  const width = util.sizeFromShape(x.shape.slice(segmentIds.shape.length));
  sums.fill(0);
  for (let row = 0, from = 0; row < segments.length; row++) {
    const segment = segments[row];
    if (segment < 0 || segment >= numSegments) from += width;
    else for (let to = segment * width, end = to + width; to < end; to++, from++) sums[to] += values[from];
  }
  return result;
};
