import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { ResizeKind } from '../addon.ts';
import { areFloats, type NativeKernel, type NativeKernels, reshaped } from './kernel.ts';

type Arguments = Parameters<NativeKernel>[0];
type Shape4 = [number, number, number, number];

/** Pooling and resizing, with their gradients. */
export const windowKernels: NativeKernels = {
  AvgPool: (call) => pool(call, 'avg'),
  AvgPoolGrad: avgPoolGrad,
  MaxPool: (call) => pool(call, 'max'),
  MaxPoolGrad: maxPoolGrad,
  ResizeBilinear: (call) => resize(call, 'bilinear'),
  ResizeBilinearGrad: (call) => resizeGrad(call, 'bilinearGrad'),
  ResizeNearestNeighbor: (call) => resize(call, 'nearest'),
  ResizeNearestNeighborGrad: (call) => resizeGrad(call, 'nearestGrad'),
};

/** The addon's numbers for pooling, and the result's shape. */
function windowOf(inShape: readonly number[], attrs: Arguments['attrs']): { layout: Int32Array; outShape: number[] } {
  const info = backend_util.computePool2DInfo(
    inShape as Shape4,
    attrs['filterSize'] as number,
    attrs['strides'] as number,
    1,
    attrs['pad'] as number,
    attrs['dimRoundingMode'] as 'floor',
  );
  const layout = Int32Array.of(
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  );
  return { layout, outShape: info.outShape };
}

function pool({ inputs: { x }, attrs, backend }: Arguments, kind: 'max' | 'avg'): TensorInfo | undefined {
  if (!areFloats(x)) return undefined;
  const { layout, outShape } = windowOf(x.shape, attrs);
  // Windows of one pixel that leave the size as it is are the image itself to tfjs, whatever the padding.
  if (layout[6] === 1 && layout[7] === 1 && util.arraysEqual(x.shape, outShape)) return reshaped(x, x.shape, backend);
  const { info, values } = backend.output(outShape, 'float32');
  if (values.length > 0) backend.addon.pool(kind, backend.floats(x), values, layout);
  return info;
}

function maxPoolGrad({ inputs: { dy, input }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!areFloats(dy, input)) return undefined;
  const { info, values } = backend.output(input.shape, 'float32');
  if (values.length > 0) {
    backend.addon.maxPoolGrad(backend.floats(input), backend.floats(dy), values, windowOf(input.shape, attrs).layout);
  }
  return info;
}

function avgPoolGrad({ inputs: { dy, input }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!areFloats(dy)) return undefined;
  const { info, values } = backend.output(input.shape, 'float32');
  if (values.length > 0) backend.addon.avgPoolGrad(backend.floats(dy), values, windowOf(input.shape, attrs).layout);
  return info;
}

/** The addon's numbers for resizing images of one shape to another height and width. */
function resizeOf(inShape: readonly number[], size: readonly number[], attrs: Arguments['attrs']): Int32Array {
  const flags = [attrs['alignCorners'] === true, attrs['halfPixelCenters'] === true].map(Number);
  return Int32Array.from([...inShape, ...size, ...flags]);
}

function resize({ inputs: { images }, attrs, backend }: Arguments, kind: ResizeKind): TensorInfo | undefined {
  if (!areFloats(images)) return undefined;
  const [batch, , , channels] = images.shape;
  const size = attrs['size'] as [number, number];
  const { info, values } = backend.output([batch, ...size, channels], 'float32');
  if (values.length > 0) {
    backend.addon.resize(kind, backend.floats(images), values, resizeOf(images.shape, size, attrs));
  }
  return info;
}

function resizeGrad({ inputs: { images, dy }, attrs, backend }: Arguments, kind: ResizeKind): TensorInfo | undefined {
  if (!areFloats(dy)) return undefined;
  const { info, values } = backend.output(images.shape, 'float32');
  if (values.length > 0) {
    const layout = resizeOf(images.shape, dy.shape.slice(1, 3), attrs);
    backend.addon.resize(kind, backend.floats(dy), values, layout);
  }
  return info;
}
