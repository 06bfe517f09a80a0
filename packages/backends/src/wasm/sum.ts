import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend_util, type KernelFunc, type SumAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf } from './convolution.ts';
import { requireNative } from './native-of.ts';
import { sumColumns } from './sum-columns.ts';

/** Fewer numbers than this are left to tfjs's kernel. */
const FEW = 4096;

/**
 * Makes the kernel of sums over neighbouring axes that are not the last: [image][pixel][channel] over pixels.
 * @param original - tfjs's kernel, which transposes for anything but the last axes.
 */
export const sum =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as SumAttrs & { readonly keepDims: boolean };
    const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const [first, last] = [axes[0], axes[axes.length - 1]];
    const backend = call.backend as BackendWasm;
    const size = util.sizeFromShape(x.shape);
    const [reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = keepDims ? backend_util.expandShapeToKeepDim(reduced, axes) : reduced;
    if (size === 0) {
      const result = backend.makeOutput(shape, x.dtype); // tfjs's kernel leaves it as the heap was
      backend.typedArrayFromHeap(result).fill(0);
      return result;
    }
    const neighbours = axes.length > 0 && last - first === axes.length - 1;
    const lastKept = util.sizeFromShape(x.shape.slice(last + 1)) > 1;
    if (x.dtype !== 'float32' || !neighbours || !lastKept || size < FEW) return original(call);

    const [images, pixels, channels] = [
      [0, first],
      [first, last + 1],
      [last + 1, x.shape.length],
    ].map(([from, to]) => util.sizeFromShape(x.shape.slice(from, to)));
    const [sums] = sumColumns(
      requireNative(backend),
      { source: addressOf(backend, x), images, pixels, channels },
      { kind: 'columnSums' },
    );
    return backend.makeOutput(shape, 'float32', undefined, Float32Array.from(sums));
  };
