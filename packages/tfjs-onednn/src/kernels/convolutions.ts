import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationOf } from './activation.ts';
import { areFloats, type NativeKernel, type NativeKernels, sizeOf } from './kernel.ts';

type Arguments = Parameters<NativeKernel>[0];
type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];

/** Convolutions, their gradients, and those with one kernel per channel. */
export const convolutionKernels: NativeKernels = {
  Conv2D: (call) => convolve(call, false),
  Conv2DBackpropFilter: (call) => backwardKernel(call, false),
  Conv2DBackpropInput: (call) => backwardInput(call, false),
  DepthwiseConv2dNative: (call) => convolve(call, true),
  DepthwiseConv2dNativeBackpropFilter: (call) => backwardKernel(call, true),
  DepthwiseConv2dNativeBackpropInput: (call) => backwardInput(call, true),
  FusedConv2D: (call) => convolve(call, false),
  FusedDepthwiseConv2D: (call) => convolve(call, true),
};

interface Geometry {
  readonly layout: Int32Array;
  readonly outShape: number[];
}

/** The addon's numbers for a convolution, or undefined where channels come first. */
function geometryOf(
  inShape: readonly number[],
  kernelShape: readonly number[],
  attrs: Arguments['attrs'],
  depthwise: boolean,
): Geometry | undefined {
  if (((attrs['dataFormat'] as string | undefined) ?? 'NHWC') !== 'NHWC') return undefined;
  const info = backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    kernelShape as [number, number, number, number],
    attrs['strides'] as number,
    (attrs['dilations'] as number | undefined) ?? 1,
    attrs['pad'] as Pad,
    attrs['dimRoundingMode'] as 'floor',
    depthwise,
  );
  if (!depthwise && kernelShape[2] !== info.inChannels) return undefined;
  const { padInfo } = info;
  const layout = Int32Array.of(
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    padInfo.top,
    padInfo.bottom,
    padInfo.left,
    padInfo.right,
    depthwise ? info.inChannels : 1,
  );
  return { layout, outShape: info.outShape };
}

/** Convolution, with a bias and an activation where the kernel's inputs have them. */
function convolve({ inputs, attrs, backend }: Arguments, depthwise: boolean): TensorInfo | undefined {
  const { x, filter, bias } = inputs;
  const activation = activationOf(attrs);
  if (!areFloats(x, filter) || activation === undefined) return undefined;
  const geometry = geometryOf(x.shape, filter.shape, attrs, depthwise);
  const hasBias = (bias as TensorInfo | undefined) !== undefined;
  if (geometry === undefined || (hasBias && sizeOf(bias) !== geometry.outShape[3])) return undefined;
  const { info, values } = backend.output(geometry.outShape, 'float32');
  if (values.length === 0) return info;
  backend.addon.convolve(
    backend.floats(x),
    depthwise ? backend.floats(filter) : backend.factor(filter),
    hasBias ? backend.floats(bias) : null,
    values,
    geometry.layout,
    activation.code,
    activation.alpha,
  );
  return info;
}

function backwardInput({ inputs, attrs, backend }: Arguments, depthwise: boolean): TensorInfo | undefined {
  const { dy, filter } = inputs;
  if (!areFloats(dy, filter)) return undefined;
  const shape = attrs['inputShape'] as number[];
  const geometry = geometryOf(shape, filter.shape, attrs, depthwise);
  if (geometry === undefined || !util.arraysEqual(dy.shape, geometry.outShape)) return undefined;
  const { info, values } = backend.output(shape, 'float32');
  if (values.length === 0) return info;
  if (sizeOf(dy) === 0) backend.addon.fill(values, 0);
  else {
    const kernel = depthwise ? backend.floats(filter) : backend.factor(filter);
    backend.addon.convolveBackwardInput(backend.floats(dy), kernel, values, geometry.layout);
  }
  return info;
}

function backwardKernel({ inputs, attrs, backend }: Arguments, depthwise: boolean): TensorInfo | undefined {
  const { x, dy } = inputs;
  if (!areFloats(x, dy)) return undefined;
  const shape = attrs['filterShape'] as number[];
  const geometry = geometryOf(x.shape, shape, attrs, depthwise);
  if (geometry === undefined || !util.arraysEqual(dy.shape, geometry.outShape)) return undefined;
  const { info, values } = backend.output(shape, 'float32');
  if (values.length === 0) return info;
  if (sizeOf(x) === 0 || sizeOf(dy) === 0) backend.addon.fill(values, 0);
  else {
    const inBf16 = backend.precision === 'bf16';
    backend.addon.convolveBackwardKernel(backend.floats(x), backend.floats(dy), values, geometry.layout, inBf16);
  }
  return info;
}
