import { backend_util, type KernelBackend, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';

/**
 * Makes the kernel of "all are true": of nothing, all are.
 * @param original - the engine's, which calls that false, or leaves it to what lay in that memory.
 */
export const all =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    if (util.sizeFromShape(x.shape) > 0) return original(call);
    const { axis, keepDims } = call.attrs as unknown as { readonly axis: number[]; readonly keepDims: boolean };
    const axes = util.parseAxisParam(axis, x.shape);
    const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
    const truths = new Uint8Array(util.sizeFromShape(shape)).fill(1);
    return { dataId: (call.backend as KernelBackend).write(truths, shape, 'bool'), shape, dtype: 'bool' };
  };
