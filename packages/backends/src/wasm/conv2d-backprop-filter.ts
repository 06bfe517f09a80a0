import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  getKernel,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** Gradient of a convolution in its kernel: one product of the transposed im2col matrix [kh * kw * ci, p] with [p, co]. */
export const conv2dBackpropFilter: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as Conv2DBackpropFilterAttrs;
  const wasm = backend as BackendWasm;
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const pixels = batchSize * outHeight * outWidth;
  const rows = info.filterHeight * info.filterWidth * inChannels;
  const columns = wasm.makeOutput([1, rows, pixels], 'float32');
  const to = wasm.typedArrayFromHeap(columns) as Float32Array;
  const from = wasm.typedArrayFromHeap(x) as Float32Array;
  to.fill(0);
  let row = 0;
  for (let tapRow = 0; tapRow < info.filterHeight; tapRow++) {
    for (let tapColumn = 0; tapColumn < info.filterWidth; tapColumn++) {
      for (let channel = 0; channel < inChannels; channel++, row++) {
        for (let image = 0; image < batchSize; image++) {
          for (let outRow = 0; outRow < outHeight; outRow++) {
            const inRow = outRow * info.strideHeight - info.padInfo.top + tapRow;
            if (inRow < 0 || inRow >= inHeight) continue;
            const target = row * pixels + (image * outHeight + outRow) * outWidth;
            for (let outColumn = 0; outColumn < outWidth; outColumn++) {
              const inColumn = outColumn * info.strideWidth - info.padInfo.left + tapColumn;
              if (inColumn < 0 || inColumn >= inWidth) continue;
              to[target + outColumn] = from[((image * inHeight + inRow) * inWidth + inColumn) * inChannels + channel];
            }
          }
        }
      }
    }
  }
  const matMul = getKernel('BatchMatMul', 'wasm').kernelFunc;
  const gradient = matMul({
    inputs: { a: columns, b: { ...dy, shape: [1, pixels, outChannels] } },
    attrs: { transposeA: false, transposeB: false },
    backend,
  }) as TensorInfo;
  wasm.disposeData(columns.dataId);
  gradient.shape = info.filterShape;
  return gradient;
};
