import {
  customGrad,
  matMul,
  reshape,
  type Tensor,
  tensor2d,
  type Tensor4D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { interpolationRows, transposed } from './interpolation.ts';

/**
 * Resizes maps by bilinear interpolation with half-pixel centres (PyTorch: align_corners false, no antialiasing).
 * @param x - [b, h, w, c] float32.
 * @returns [b, height, width, c]. Differentiable once in `x`, exactly (tfjs' own gradient ignores half-pixel centres on
 * some engines).
 * @remarks One product per axis with an interpolation matrix made on the host.
 */
export function resizeBilinear(x: Tensor4D, height: number, width: number): Tensor4D {
  assertShape('resizeBilinear', 'x', x, ['b', 'h', 'w', 'c']);
  const [, fromHeight, fromWidth] = x.shape;
  const resize = customGrad((...args) => {
    const [input] = args as unknown as [Tensor4D];
    const rows = interpolationRows(0, height, fromHeight, height);
    const columns = interpolationRows(0, width, fromWidth, width);
    const gradFunc = (dy: Tensor): Tensor => {
      const rows = transposed(interpolationRows(0, height, fromHeight, height), 1, height, fromHeight);
      const columns = transposed(interpolationRows(0, width, fromWidth, width), 1, width, fromWidth);
      return mapAxes(dy as Tensor4D, rows, fromHeight, columns, fromWidth);
    };
    return { value: mapAxes(input, rows, height, columns, width), gradFunc };
  });
  return tidy(() => resize(x) as Tensor4D);
}

/** Multiplies the rows of [b, h, w, c] by [height, h] and its columns by [width, w]. */
function mapAxes(x: Tensor4D, rows: Float32Array, height: number, columns: Float32Array, width: number): Tensor4D {
  const [b, h, w, c] = x.shape;
  if (x.size === 0) return reshape(x, [b, height, width, c]);
  const rowsFirst = b === 1 ? reshape(x, [h, w * c]) : reshape(transpose(x, [1, 0, 2, 3]), [h, b * w * c]);
  const tall = reshape(matMul(tensor2d(rows, [height, h]), rowsFirst), [height, b, w, c]);
  const columnsFirst = reshape(transpose(tall, [2, 1, 0, 3]), [w, b * height * c]);
  const full: Tensor4D = reshape(matMul(tensor2d(columns, [width, w]), columnsFirst), [width, b, height, c]);
  return transpose(full, [1, 2, 0, 3]);
}
