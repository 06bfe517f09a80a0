import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, type ConvolutionAttributes, convolutionOf, FLOAT, isPlain } from './convolution.ts';
import { multiplyRows, SINGLE } from './multiply-rows.ts';
import { requireNative } from '../native-of.ts';
import { withRightFactor } from './right-factor.ts';
import { withPadding } from './with-padding.ts';

/**
 * Makes the convolution kernel: a matrix of the output pixels' neighbourhoods, rows of contiguous numbers in the padded
 * input, times the kernel as a matrix.
 * @param original - tfjs's kernel, for dilated kernels.
 */
export const conv2d =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x, filter } = call.inputs as { x: TensorInfo; filter: TensorInfo };
    const backend = call.backend as BackendWasm;
    const convolution = convolutionOf(x.shape, filter.shape, call.attrs as unknown as ConvolutionAttributes);
    if (!isPlain(convolution)) return original(call);

    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = convolution;
    const { filterHeight, filterWidth, strideHeight, strideWidth, outShape } = convolution;
    const native = requireNative(backend);
    const y = backend.makeOutput(outShape, 'float32');
    const pixels = batchSize * outHeight * outWidth;
    if (util.sizeFromShape(outShape) === 0) return y;
    if (util.sizeFromShape(x.shape) === 0 || util.sizeFromShape(filter.shape) === 0) {
      backend.typedArrayFromHeap(y).fill(0);
      return y;
    }

    const paddedRows = Math.max(inHeight + padInfo.top, (outHeight - 1) * strideHeight + filterHeight);
    const paddedColumns = Math.max(inWidth + padInfo.left, (outWidth - 1) * strideWidth + filterWidth);
    const images = {
      ...{ source: addressOf(backend, x), images: batchSize, rows: inHeight, columns: inWidth, channels: inChannels },
      ...{ padTop: padInfo.top, padLeft: padInfo.left, paddedRows, paddedColumns },
    };
    const matrix = {
      ...{ source: addressOf(backend, filter), batch: 1, k: filterHeight * filterWidth * inChannels },
      ...{ n: outChannels, leftRows: pixels },
    };
    const sourcePixel = inChannels * FLOAT;
    const sourceRow = paddedColumns * sourcePixel;
    const targetPixel = outChannels * FLOAT;
    withPadding(native, images, (source) => {
      withRightFactor(native, matrix, (right) => {
        multiplyRows(native, {
          ...{ source, sourceImage: paddedRows * sourceRow, sourceTapRow: sourceRow },
          ...{ sourceRow: strideHeight * sourceRow, sourcePixel: strideWidth * sourcePixel },
          ...{ tapRows: filterHeight, run: filterWidth * inChannels },
          ...{ target: addressOf(backend, y), targetImage: outHeight * outWidth * targetPixel },
          ...{ targetRow: outWidth * targetPixel, targetPixel },
          ...{ rows: outHeight, columns: outWidth, pixels, outputs: outChannels },
          ...right,
          ...SINGLE,
        });
      });
    });
    return y;
  };
