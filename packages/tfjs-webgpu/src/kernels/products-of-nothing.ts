import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  backend_util,
  type BatchMatMulAttrs,
  broadcast_util,
  type Conv2DAttrs,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { constant, isEmpty } from './program.ts';

/*
 * WebGPU binds no empty buffer, and tfjs's kernels hand them over: what a factor without numbers gives is made here.
 */

export const batchMatMul =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>;
    if (!isEmpty(a) && !isEmpty(b)) return original(call);
    const { transposeA, transposeB } = call.attrs as unknown as BatchMatMulAttrs;
    const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)];
    const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
    const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return constant(call.backend as WebGPUBackend, [...batch, rows, columns], 0, a.dtype);
  };

export const conv2d =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x, filter } = call.inputs as Record<'x' | 'filter', TensorInfo>;
    if (!isEmpty(x) && !isEmpty(filter)) return original(call);
    const { strides, pad, dataFormat, dilations, dimRoundingMode } = call.attrs as unknown as Conv2DAttrs;
    const [images, kernels] = [x, filter].map(({ shape }) => shape as [number, number, number, number]);
    const format = backend_util.convertConv2DDataFormat(dataFormat);
    const info = backend_util.computeConv2DInfo(
      images,
      kernels,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      false,
      format,
    );
    return constant(call.backend as WebGPUBackend, info.outShape, 0, 'float32');
  };
