import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend_util, type KernelFunc, type MaxPoolGradAttrs, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND } from '../native/native-engine.ts';
import { requireNative } from '../native-of.ts';

/** Channels per task: a line of the cache. */
const TASK_CHANNELS = 16;

/** The gradient of max pooling: each upstream number goes to the first largest input of its window. */
export const maxPoolGrad: KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
  const wasm = backend as BackendWasm;
  const shape = input.shape as [number, number, number, number];
  const pool = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = wasm.makeOutput(shape, 'float32');
  wasm.typedArrayFromHeap(dx).fill(0);
  if (util.sizeFromShape(dy.shape) === 0) return dx;
  const channelTasks = Math.ceil(pool.inChannels / TASK_CHANNELS);
  const windows = util.sizeFromShape(dy.shape) * pool.filterHeight * pool.filterWidth;
  const work = { tasks: pool.batchSize * channelTasks, microseconds: (windows * FLOAT) / BYTES_PER_MICROSECOND };
  requireNative(wasm).share('maxPoolGradient', work, {
    ...{ input: addressOf(wasm, input), upstream: addressOf(wasm, dy), gradient: addressOf(wasm, dx) },
    ...{ rows: pool.inHeight, columns: pool.inWidth, channels: pool.inChannels },
    ...{ outRows: pool.outHeight, outColumns: pool.outWidth },
    ...{ windowRows: pool.filterHeight, windowColumns: pool.filterWidth },
    ...{ rowStride: pool.strideHeight, columnStride: pool.strideWidth },
    ...{ rowDilation: pool.dilationHeight, columnDilation: pool.dilationWidth },
    ...{ padTop: pool.padInfo.top, padLeft: pool.padInfo.left, taskChannels: TASK_CHANNELS, channelTasks },
  });
  return dx;
};
