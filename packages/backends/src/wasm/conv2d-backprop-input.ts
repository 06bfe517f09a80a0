import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  getKernel,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/**
 * Gradient of a convolution in its input: a convolution of the upstream gradient, spread out by the stride with zeros
 * between and around its pixels, with the kernel flipped in space and its channels exchanged.
 */
export const conv2dBackpropInput: KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs as unknown as Conv2DBackpropInputAttrs;
  const wasm = backend as BackendWasm;
  const info = backend_util.computeConv2DInfo(
    inputShape,
    filter.shape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  const { filterHeight, filterWidth, inChannels, outChannels, batchSize, outHeight, outWidth, inHeight, inWidth } =
    info;

  const flipped = wasm.makeOutput([filterHeight, filterWidth, outChannels, inChannels], 'float32');
  {
    const to = wasm.typedArrayFromHeap(flipped) as Float32Array;
    const from = wasm.typedArrayFromHeap(filter) as Float32Array;
    const taps = filterHeight * filterWidth;
    for (let tap = 0; tap < taps; tap++) {
      for (let input = 0; input < inChannels; input++) {
        for (let output = 0; output < outChannels; output++) {
          to[((taps - 1 - tap) * outChannels + output) * inChannels + input] =
            from[(tap * inChannels + input) * outChannels + output];
        }
      }
    }
  }

  const spreadHeight = inHeight + filterHeight - 1;
  const spreadWidth = inWidth + filterWidth - 1;
  const spread = wasm.makeOutput([batchSize, spreadHeight, spreadWidth, outChannels], 'float32');
  {
    const to = wasm.typedArrayFromHeap(spread) as Float32Array;
    const from = wasm.typedArrayFromHeap(dy) as Float32Array;
    to.fill(0);
    for (let image = 0; image < batchSize; image++) {
      for (let row = 0; row < outHeight; row++) {
        const toRow = row * info.strideHeight + filterHeight - 1 - info.padInfo.top;
        if (toRow < 0 || toRow >= spreadHeight) continue;
        for (let column = 0; column < outWidth; column++) {
          const toColumn = column * info.strideWidth + filterWidth - 1 - info.padInfo.left;
          if (toColumn < 0 || toColumn >= spreadWidth) continue;
          const source = ((image * outHeight + row) * outWidth + column) * outChannels;
          const target = ((image * spreadHeight + toRow) * spreadWidth + toColumn) * outChannels;
          to.set(from.subarray(source, source + outChannels), target);
        }
      }
    }
  }
  const result = getKernel('Conv2D', 'wasm').kernelFunc({
    inputs: { x: spread, filter: flipped },
    attrs: { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: 1 },
    backend,
  }) as TensorInfo;
  wasm.disposeData(spread.dataId);
  wasm.disposeData(flipped.dataId);
  return result;
};
