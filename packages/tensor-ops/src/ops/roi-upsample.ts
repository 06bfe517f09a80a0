import {
  customGrad,
  matMul,
  mul,
  reshape,
  type Tensor,
  tensor2d,
  tensor3d,
  tensor4d,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { boxCount, type Boxes, type Geometry, type Size } from '@pffnet/structures';
import { assertShape } from '../assert-shape.ts';
import { interpolationRows, transposed } from './interpolation.ts';
import { boxWindows, type PasteWindow } from './paste-masks.ts';

/** The map that RoIs are written to. */
export interface RoiUpsampleSpec {
  /** Rows and columns of the map. */
  readonly size: Size;
  /** Image pixels per cell of the map. */
  readonly stride: number;
  readonly geometry: Geometry;
}

/**
 * Writes what is known of RoIs back to the map that they were cut from, the way back of RoIAlign: each RoI is stretched
 * over its box, half-pixel bilinear; cells that lie in several boxes get the mean, cells in none are zero.
 * @param rois - [n, s, s, c] float32; n may be 0.
 * @param boxes - [n * 4] image pixels; may reach outside.
 * @returns [1, h, w, c]. Differentiable once in `rois`.
 * @throws ShapeError if there are not as many boxes as RoIs.
 * @remarks Source: Li et al. 2019 (AUNet), RoIUpsample; sources.md row 52. The sum over RoIs is part of a product with one
 * matrix of all their rows, so that no map of a single RoI is ever made.
 */
export function roiUpsample(rois: Tensor4D, boxes: Boxes, { size, stride, geometry }: RoiUpsampleSpec): Tensor4D {
  const count = boxCount('roiUpsample', boxes);
  assertShape('roiUpsample', 'rois', rois, [count, 's', 's', 'c']);
  const { height, width } = size;
  const [, side, , channels] = rois.shape;
  const windows = boxWindows(boxes, geometry).map((window) => scaled(window, 1 / stride));
  const rowWeights = stacked(windows, side * height, ({ y0, height: extent }) =>
    transposed(interpolationRows(y0, extent, side, height), 1, height, side),
  ); // [n * s, h]
  const columnWeights = stacked(windows, width * side, ({ x0, width: extent }) =>
    interpolationRows(x0, extent, side, width),
  ); // [n, w, s]
  const share = sharesOf(windows, size); // [h * w]

  const upsample = customGrad((...args) => {
    const [input] = args as unknown as [Tensor4D];
    const columnsFirst = reshape(transpose(input, [0, 2, 1, 3]), [count, side, side * channels]);
    const wide = matMul(tensor3d(columnWeights, [count, width, side]), columnsFirst); // [n, w, s * c]
    const rows = reshape(transpose(reshape(wide, [count, width, side, channels]), [0, 2, 1, 3]), [
      count * side,
      width * channels,
    ]);
    const sums = matMul(tensor2d(rowWeights, [count * side, height]), rows, true); // [h, w * c]
    const gradFunc = (dy: Tensor): Tensor => {
      const upstream = reshape(mul(dy, tensor4d(share, [1, height, width, 1])), [height, width * channels]);
      const rows = matMul(tensor2d(rowWeights, [count * side, height]), upstream); // [n * s, w * c]
      const wide = transpose(reshape(rows, [count, side, width, channels]), [0, 2, 1, 3]); // [n, w, s, c]
      const cells = matMul(
        tensor3d(columnWeights, [count, width, side]),
        reshape(wide, [count, width, side * channels]),
        true,
      ); // [n, s, s * c], columns first
      return transpose(reshape(cells, [count, side, side, channels]), [0, 2, 1, 3]);
    };
    return {
      value: mul(reshape(sums, [1, height, width, channels]), tensor4d(share, [1, height, width, 1])),
      gradFunc,
    };
  });
  const nothing = customGrad(() => ({
    value: zeros([1, height, width, channels]),
    gradFunc: () => zeros(rois.shape),
  }));
  return tidy(() => (count * channels === 0 ? nothing : upsample)(rois) as Tensor4D);
}

const scaled = ({ y0, x0, height, width }: PasteWindow, by: number): PasteWindow => ({
  y0: y0 * by,
  x0: x0 * by,
  height: height * by,
  width: width * by,
});

function stacked(
  windows: readonly PasteWindow[],
  size: number,
  of: (window: PasteWindow) => Float32Array,
): Float32Array {
  const all = new Float32Array(windows.length * size);
  windows.forEach((window, index) => all.set(of(window), index * size));
  return all;
}

/** [h * w] 1 / the number of windows that hold a cell's centre; 0 where there is none. */
function sharesOf(windows: readonly PasteWindow[], { height, width }: Size): Float32Array {
  const shares = new Float32Array(height * width);
  for (const window of windows) {
    const rows = interpolationRows(window.y0, window.height, 1, height); // 1 inside, 0 outside
    const columns = interpolationRows(window.x0, window.width, 1, width);
    for (let y = 0; y < height; y++) {
      if (rows[y] === 0) continue;
      for (let x = 0; x < width; x++) shares[y * width + x] += columns[x];
    }
  }
  return shares.map((count) => (count === 0 ? 0 : 1 / count));
}
