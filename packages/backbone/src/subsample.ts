import { pad, reshape, slice, type Tensor4D, tidy } from '@tensorflow/tfjs-core';

/**
 * Keeps every second row and column, the first ones included: a 1x1 max-pool at stride 2.
 * @param x - [1, h, w, c] float32.
 * @returns [1, ceil(h / 2), ceil(w / 2), c]. Differentiable in `x`.
 * @remarks Not a max-pool because TensorFlow.js 4.22 gets its gradient wrong on the WASM engine wherever the largest
 * value of a window is not above zero. Pairs of rows and columns are made by reshaping and their halves cut off.
 */
export function subsample(x: Tensor4D): Tensor4D {
  const [, h, w, c] = x.shape;
  const [rows, columns] = [Math.ceil(h / 2), Math.ceil(w / 2)];
  return tidy(() => {
    const even = pad(x, [
      [0, 0],
      [0, 2 * rows - h],
      [0, 2 * columns - w],
      [0, 0],
    ]);
    const upper = slice(reshape(even, [rows, 4 * columns * c]), [0, 0], [rows, 2 * columns * c]);
    const left = slice(reshape(upper, [rows * columns, 2 * c]), [0, 0], [rows * columns, c]);
    return reshape(left, [1, rows, columns, c]);
  });
}
