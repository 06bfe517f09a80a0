import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, type ConvolutionAttributes, convolutionOf } from './convolution.ts';
import { multiplyPixels } from './multiply-pixels.ts';
import { requireNative } from '../native-of.ts';

/**
 * The kernel of a convolution's gradient in its kernel: for each tap, the product of the transposed input, shifted by the
 * tap, with the upstream gradient, over all pixels.
 * @throws Error if the convolution is dilated or not NHWC.
 */
export const conv2dBackpropFilter: KernelFunc = (call) => {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
  const { filterShape, ...attributes } = call.attrs as unknown as ConvolutionAttributes & { filterShape: number[] };
  const backend = call.backend as BackendWasm;
  const convolution = convolutionOf(x.shape, filterShape, attributes);
  if (convolution.dataFormat !== 'channelsLast') throw new Error('Conv2DBackpropFilter on wasm: expected NHWC');

  const gradient = backend.makeOutput(convolution.filterShape, 'float32');
  if (util.sizeFromShape(filterShape) === 0) return gradient;
  if (util.sizeFromShape(x.shape) === 0 || util.sizeFromShape(dy.shape) === 0) {
    backend.typedArrayFromHeap(gradient).fill(0);
    return gradient;
  }
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = convolution;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = convolution;
  multiplyPixels(requireNative(backend), {
    ...{ left: addressOf(backend, x), right: addressOf(backend, dy), target: addressOf(backend, gradient) },
    ...{
      batch: 1,
      leftBatch: 1,
      rightBatch: 1,
      images: batchSize,
      leftRows: inHeight,
      leftColumns: inWidth,
      m: inChannels,
      n: outChannels,
    },
    ...{ padTop: padInfo.top, padLeft: padInfo.left, rows: outHeight, columns: outWidth },
    ...{ tapRows: filterHeight, tapColumns: filterWidth, rowStride: strideHeight, columnStride: strideWidth },
  });
  return gradient;
};
