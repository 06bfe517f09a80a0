import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { constant, isEmpty, reshaped } from './program.ts';
import { tiledProduct } from './tiled-product.ts';

type Shape4D = [number, number, number, number];

/** What the programs are told of a convolution whose images are [b, h, w, c]. */
function layoutOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dimRoundingMode }: Pick<Conv2DBackpropFilterAttrs, 'strides' | 'pad' | 'dimRoundingMode'>,
) {
  const [input, filter] = [[...inputShape] as Shape4D, [...filterShape] as Shape4D];
  const info = backend_util.computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode);
  return {
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterWidth: info.filterWidth,
    strideRows: info.strideHeight,
    strideColumns: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/**
 * Inputs x and dy; the gradient of the filter: a product of [taps * c, pixels out] with [pixels out, c out]. tfjs has one
 * thread for each number of the filter, which walks over all pixels.
 */
export const conv2dBackpropFilter =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>;
    const attributes = call.attrs as unknown as Conv2DBackpropFilterAttrs;
    const { filterShape, dataFormat } = attributes;
    const backend = call.backend as WebGPUBackend;
    if (isEmpty(x) || isEmpty(dy)) return constant(backend, filterShape, 0, 'float32');
    if (dataFormat !== 'NHWC') return original(call);
    const layout = layoutOf(x.shape, filterShape, attributes);
    const product = tiledProduct(backend, {
      name: 'conv2d filter gradient',
      inputs: { x, dy },
      integers: layout,
      rows: filterShape[0] * filterShape[1] * filterShape[2],
      columns: layout.outChannels,
      depth: dy.shape[0] * layout.outHeight * layout.outWidth,
      lanes: 'across',
      code: `
        fn rowOf(row: i32) -> vec3<i32> { // a tap and a channel
          let tap = row / uniforms.channels;
          return vec3<i32>(tap / uniforms.filterWidth, tap % uniforms.filterWidth, row % uniforms.channels);
        }
        fn depthOf(k: i32) -> vec3<i32> { // an image, and where the window of a pixel begins
          let line = k / uniforms.outWidth;
          let y = line % uniforms.outHeight * uniforms.strideRows - uniforms.top;
          return vec3<i32>(line / uniforms.outHeight, y, k % uniforms.outWidth * uniforms.strideColumns - uniforms.left);
        }
        fn left(tap: vec3<i32>, window: vec3<i32>) -> f32 {
          let y = window.y + tap.x;
          let column = window.z + tap.y;
          if (y < 0 || y >= uniforms.height || column < 0 || column >= uniforms.width) { return 0.0; }
          return x[((window.x * uniforms.height + y) * uniforms.width + column) * uniforms.channels + tap.z];
        }
        fn right(window: vec3<i32>, k: i32, column: i32) -> f32 { return dy[k * uniforms.outChannels + column]; }`,
    });
    return reshaped(product, filterShape);
  };

/** Inputs dy and filter; the gradient of the images: a product of [pixels, taps * c out] with [taps * c out, c]. */
export const conv2dBackpropInput =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { dy, filter } = call.inputs as Record<'dy' | 'filter', TensorInfo>;
    const attributes = call.attrs as unknown as Conv2DBackpropInputAttrs;
    const { inputShape, dataFormat } = attributes;
    const backend = call.backend as WebGPUBackend;
    if (isEmpty(dy) || isEmpty(filter)) return constant(backend, inputShape, 0, 'float32');
    if (dataFormat !== 'NHWC') return original(call);
    const layout = layoutOf(inputShape, filter.shape, attributes);
    const product = tiledProduct(backend, {
      name: 'conv2d input gradient',
      inputs: { dy, kernels: filter },
      integers: layout,
      rows: inputShape[0] * layout.height * layout.width,
      columns: layout.channels,
      depth: filter.shape[0] * filter.shape[1] * layout.outChannels,
      lanes: 'depth',
      code: `
        fn rowOf(row: i32) -> vec3<i32> { // an image, and where a pixel lies in its windows
          let line = row / uniforms.width;
          let y = line % uniforms.height + uniforms.top;
          return vec3<i32>(line / uniforms.height, y, row % uniforms.width + uniforms.left);
        }
        fn depthOf(k: i32) -> vec3<i32> { // a tap and a channel out
          let tap = k / uniforms.outChannels;
          return vec3<i32>(tap / uniforms.filterWidth, tap % uniforms.filterWidth, k % uniforms.outChannels);
        }
        fn left(pixel: vec3<i32>, tap: vec3<i32>) -> f32 {
          let down = pixel.y - tap.x;
          let along = pixel.z - tap.y;
          let y = down / uniforms.strideRows;
          let x = along / uniforms.strideColumns;
          if (down < 0 || along < 0 || y >= uniforms.outHeight || x >= uniforms.outWidth) { return 0.0; }
          if (y * uniforms.strideRows != down || x * uniforms.strideColumns != along) { return 0.0; }
          return dy[((pixel.x * uniforms.outHeight + y) * uniforms.outWidth + x) * uniforms.outChannels + tap.z];
        }
        fn right(tap: vec3<i32>, k: i32, column: i32) -> f32 {
          let before = (tap.x * uniforms.filterWidth + tap.y) * uniforms.channels + column;
          return kernels[before * uniforms.outChannels + tap.z];
        }`,
    });
    return reshaped(product, inputShape);
  };
