import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend_util, type KernelFunc, type SumAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { sumAxes } from './sum-axes.ts';

/** The sum over axes. Sums of int32 are exact if the result fits int32. The sum over an empty axis is 0. */
export const sum: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  const { axes, shape } = reductionOf(x, attrs as unknown as SumAttrs);
  const sums = sumAxes(backend as BackendWasm, x, axes);
  const values = x.dtype === 'float32' ? Float32Array.from(sums) : Int32Array.from(sums);
  return (backend as BackendWasm).makeOutput(shape, x.dtype, undefined, values);
};

/** The mean over axes, float32 for every input type. The mean over an empty axis is 0, as on tfjs's CPU engine. */
export const mean: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  const { axes, shape } = reductionOf(x, attrs as unknown as SumAttrs);
  const sums = sumAxes(backend as BackendWasm, x, axes);
  const count = util.sizeFromShape(axes.map((axis) => x.shape[axis])) || 1;
  const means = Float32Array.from(sums, (sum) => sum / count);
  return (backend as BackendWasm).makeOutput(shape, 'float32', undefined, means);
};

/** The attributes of tfjs's reductions. */
export interface ReductionAttributes {
  readonly axis?: number | number[];
  /** The attributes of Max and Min. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

/** The axes that are reduced, from 0, and the shape of what is left. */
export function reductionOf(
  { shape }: TensorInfo,
  { axis, reductionIndices, keepDims }: ReductionAttributes,
): { readonly axes: number[]; readonly shape: number[] } {
  const axes = util.parseAxisParam((axis ?? reductionIndices) as number[], shape); // neither: all
  const [kept] = backend_util.computeOutAndReduceShapes(shape, axes);
  return { axes, shape: keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept };
}
