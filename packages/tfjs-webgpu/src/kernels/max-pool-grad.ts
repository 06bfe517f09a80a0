import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend_util, type KernelFunc, type MaxPoolGradAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { constant, eachNumber, isEmpty } from './program.ts';

/**
 * Inputs dy and input; the gradient goes to the first largest number of each window, where tfjs's WebGPU kernel gives it to
 * the last. Each number of the input asks in which of its windows it is that.
 */
export const maxPoolGrad: KernelFunc = ({ inputs, attrs, backend: own }) => {
  const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
  const backend = own as WebGPUBackend;
  if (isEmpty(input) || isEmpty(dy)) return constant(backend, input.shape, 0, 'float32');
  const shape = input.shape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  return eachNumber(backend, {
    name: 'max pool gradient',
    inputs: { dy, x: input },
    shape,
    integers: {
      height: info.inHeight,
      width: info.inWidth,
      channels: info.inChannels,
      outHeight: info.outHeight,
      outWidth: info.outWidth,
      filterHeight: info.filterHeight,
      filterWidth: info.filterWidth,
      strideRows: info.strideHeight,
      strideColumns: info.strideWidth,
      top: info.padInfo.top,
      left: info.padInfo.left,
    },
    code: `
      fn numberAt(image: i32, y: i32, column: i32, channel: i32) -> f32 {
        return x[((image * uniforms.height + y) * uniforms.width + column) * uniforms.channels + channel];
      }
      /** Whether no number of the window before this one is as large, and none after it larger. */
      fn isFirstLargest(image: i32, y: i32, column: i32, channel: i32, begin: vec2<i32>) -> bool {
        let own = numberAt(image, y, column, channel);
        if (isnan(own)) { return false; }
        for (var row = max(begin.x, 0); row < min(begin.x + uniforms.filterHeight, uniforms.height); row++) {
          for (var at = max(begin.y, 0); at < min(begin.y + uniforms.filterWidth, uniforms.width); at++) {
            let other = numberAt(image, row, at, channel);
            let isBefore = row < y || (row == y && at < column);
            if (other > own || (isBefore && other == own)) { return false; }
          }
        }
        return true;
      }
      fn valueAt(i: i32) -> f32 {
        let channel = i % uniforms.channels;
        let column = i / uniforms.channels % uniforms.width;
        let y = i / uniforms.channels / uniforms.width % uniforms.height;
        let image = i / uniforms.channels / uniforms.width / uniforms.height;
        // The windows that hold this number begin at most a filter before it.
        let down = y + uniforms.top;
        let along = column + uniforms.left;
        let firstRow = max(0, (down - uniforms.filterHeight + uniforms.strideRows) / uniforms.strideRows);
        let firstColumn = max(0, (along - uniforms.filterWidth + uniforms.strideColumns) / uniforms.strideColumns);
        var total = 0.0;
        for (var row = firstRow; row <= min(down / uniforms.strideRows, uniforms.outHeight - 1); row++) {
          for (var at = firstColumn; at <= min(along / uniforms.strideColumns, uniforms.outWidth - 1); at++) {
            let begin = vec2<i32>(row * uniforms.strideRows - uniforms.top, at * uniforms.strideColumns - uniforms.left);
            if (isFirstLargest(image, y, column, channel, begin)) {
              total += dy[((image * uniforms.outHeight + row) * uniforms.outWidth + at) * uniforms.channels + channel];
            }
          }
        }
        return total;
      }`,
  });
};
