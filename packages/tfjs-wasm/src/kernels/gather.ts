import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  type GatherV2Attrs,
  type KernelFunc,
  type Tensor,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';

/** Shorter rows are left to tfjs's kernel. */
const FEW = 16;

/**
 * Makes the kernel that picks rows along an axis: whole rows are copied.
 * @param original - tfjs's kernel, for batches of indices, and for short rows.
 */
export const gather =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x, indices } = call.inputs as { x: TensorInfo; indices: TensorInfo };
    const { axis, batchDims } = call.attrs as unknown as GatherV2Attrs;
    const [along] = util.parseAxisParam(axis, x.shape);
    const [table, chosenRows] = [x, indices] as Tensor[]; // only their shapes are looked at
    const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(table, chosenRows, along, batchDims);
    const outer = util.sizeFromShape(x.shape.slice(0, along));
    const row = util.sizeFromShape(x.shape.slice(along + 1));
    const empty = util.sizeFromShape(outputShape) === 0; // tfjs's kernel then gives another shape
    if (x.dtype === 'string' || (!empty && (batchDims !== 0 || row < FEW))) return original(call);

    const backend = call.backend as BackendWasm;
    const rows = x.shape[along];
    const chosen = backend.typedArrayFromHeap(indices);
    const wrong = chosen.find((index) => index < 0 || index >= rows);
    util.assert(wrong === undefined, () => `gather: expected indices from 0 to ${rows - 1}, got ${wrong}`);
    const result = backend.makeOutput(outputShape, x.dtype);
    if (empty) return result;
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    const picked = backend.typedArrayFromHeap(indices); // the heap may have moved
    for (let block = 0, written = 0; block < outer; block++) {
      for (const index of picked) {
        const start = (block * rows + index) * row;
        to.set(from.subarray(start, start + row), written);
        written += row;
      }
    }
    return result;
  };
