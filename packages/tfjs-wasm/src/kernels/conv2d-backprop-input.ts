import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, type ConvolutionAttributes, convolutionOf, FLOAT, isPlain } from './convolution.ts';
import { multiplyRows, SINGLE } from './multiply-rows.ts';
import { requireNative } from '../native-of.ts';
import { withTransposedRightFactor } from './right-factor.ts';
import { type Phase, phasesOf } from './stride-phases.ts';
import { withPadding } from './with-padding.ts';

/**
 * Makes the kernel of a convolution's gradient in its input: a convolution of the upstream gradient with the kernel
 * flipped in space and its channels exchanged. Where the convolution strides, input pixels of one phase (position modulo
 * the stride) see one subset of the taps, and each phase is a convolution of its own, without zeros to multiply.
 * @param original - tfjs's kernel, for what is not NHWC.
 */
export const conv2dBackpropInput =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
    const { inputShape, ...attributes } = call.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const backend = call.backend as BackendWasm;
    const convolution = convolutionOf(inputShape, filter.shape, attributes);
    if (!isPlain(convolution)) return original(call);

    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = convolution;
    const { filterHeight, filterWidth, strideHeight, strideWidth } = convolution;
    const native = requireNative(backend);
    const dx = backend.makeOutput(convolution.inShape, 'float32');
    if (util.sizeFromShape(dx.shape) === 0) return dx;
    const vertical = phasesOf({
      ...{ inputs: inHeight, outputs: outHeight, taps: filterHeight, stride: strideHeight, pad: padInfo.top },
    });
    const horizontal = phasesOf({
      ...{ inputs: inWidth, outputs: outWidth, taps: filterWidth, stride: strideWidth, pad: padInfo.left },
    });
    const nothing = util.sizeFromShape(dy.shape) === 0 || util.sizeFromShape(filter.shape) === 0;
    if (nothing || [...vertical.phases, ...horizontal.phases].some(({ taps }) => taps === 0)) {
      backend.typedArrayFromHeap(dx).fill(0);
    }
    if (nothing) return dx;

    const images = {
      ...{ source: addressOf(backend, dy), images: batchSize, rows: outHeight, columns: outWidth },
      ...{ channels: outChannels, padTop: vertical.padBefore, padLeft: horizontal.padBefore },
      ...{ paddedRows: vertical.padded, paddedColumns: horizontal.padded },
    };
    const tapBytes = inChannels * outChannels * FLOAT;
    const sourcePixel = outChannels * FLOAT;
    const sourceRow = horizontal.padded * sourcePixel;
    const inputPixel = inChannels * FLOAT;
    const inputRow = inWidth * inputPixel;
    const kernel = addressOf(backend, filter);
    const target = addressOf(backend, dx);

    const multiplyPhase = (source: number, rows: Phase, columns: Phase): void => {
      if (rows.taps * columns.taps * rows.count * columns.count === 0) return;
      const matrices = {
        ...{ source: kernel + (rows.lastTap * filterWidth + columns.lastTap) * tapBytes },
        ...{ tapRows: rows.taps, tapColumns: columns.taps, k: outChannels, n: inChannels },
        ...{ sourceTapRow: -strideHeight * filterWidth * tapBytes, sourceTapColumn: -strideWidth * tapBytes },
      };
      withTransposedRightFactor(native, matrices, (right) => {
        multiplyRows(native, {
          source: source + rows.firstOutput * sourceRow + columns.firstOutput * sourcePixel,
          ...{ sourceImage: vertical.padded * sourceRow, sourceRow, sourcePixel, sourceTapRow: sourceRow },
          ...{ tapRows: rows.taps, run: columns.taps * outChannels },
          target: target + rows.firstInput * inputRow + columns.firstInput * inputPixel,
          ...{ targetImage: inHeight * inputRow, targetRow: strideHeight * inputRow },
          ...{ targetPixel: strideWidth * inputPixel, rows: rows.count, columns: columns.count },
          ...{ pixels: batchSize * rows.count * columns.count, outputs: inChannels },
          ...right,
          ...SINGLE,
        });
      });
    };
    withPadding(native, images, (source) => {
      for (const rows of vertical.phases) for (const columns of horizontal.phases) multiplyPhase(source, rows, columns);
    });
    return dx;
  };
