import {
  customGrad,
  matMul,
  reshape,
  type Tensor,
  tensor3d,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { boxCount, type Boxes, type Geometry, type Size } from '@pffnet/structures';
import { interpolationRows, transposed } from './interpolation.ts';

/** Where a mask goes, in image pixels; may reach outside the image and need not be whole. */
export interface PasteWindow {
  readonly y0: number;
  readonly x0: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Stretches each mask over its box in an empty image, half-pixel bilinear, the mask's border cells held to the box's edge.
 * @param masks - [n, s, s, c] float32.
 * @param boxes - [n * 4] image pixels; may reach outside.
 * @returns [n, height, width, c]; zeros where a pixel's centre is outside the box. Differentiable once in `masks`.
 * @throws ShapeError if there are not as many boxes as masks.
 * @remarks Source: Algorithm 1, R(P, (w, h)) read as h rows and w columns (sources.md row 9). Legacy geometry takes
 * whole pixels: x0 = trunc(x1), width = trunc(x2) - x0 + 1, at least 1.
 */
export function pasteMasks(masks: Tensor4D, boxes: Boxes, size: Size, geometry: Geometry): Tensor4D {
  const count = boxCount('pasteMasks', boxes);
  assertShape('pasteMasks', 'masks', masks, [count, 's', 's', 'c']);
  return pasteWindows(masks, boxWindows(boxes, geometry), size);
}

/**
 * The window that each box covers: the box itself, or in legacy geometry the whole pixels x0 = trunc(x1) to trunc(x2),
 * at least one.
 * @param boxes - [n * 4] image pixels.
 */
export function boxWindows(boxes: Boxes, geometry: Geometry): PasteWindow[] {
  return Array.from({ length: boxCount('boxWindows', boxes) }, (_, index): PasteWindow => {
    const [y1, x1, y2, x2] = boxes.subarray(index * 4, index * 4 + 4);
    if (geometry === 'continuous') return { y0: y1, x0: x1, height: y2 - y1, width: x2 - x1 };
    const [y0, x0] = [Math.trunc(y1), Math.trunc(x1)];
    return { y0, x0, height: Math.max(Math.trunc(y2) - y0 + 1, 1), width: Math.max(Math.trunc(x2) - x0 + 1, 1) };
  });
}

/**
 * Stretches each mask over a window of an empty image, half-pixel bilinear: {@link pasteMasks} for windows of any origin.
 * @param masks - [n, s, s, c] float32.
 * @returns [n, height, width, c]; zeros where a pixel's centre is outside the window. Differentiable once in `masks`.
 * @throws ShapeError if there are not as many windows as masks.
 * @remarks Two batched products with interpolation matrices made on the host, one per axis.
 */
export function pasteWindows(masks: Tensor4D, windows: readonly PasteWindow[], { height, width }: Size): Tensor4D {
  assertShape('pasteWindows', 'masks', masks, [windows.length, 's', 's', 'c']);
  const [count, side, , channels] = masks.shape;
  const rowWeights = (): Float32Array =>
    matrices(windows, height * side, (window) => interpolationRows(window.y0, window.height, side, height));
  const columnWeights = (): Float32Array =>
    matrices(windows, width * side, (window) => interpolationRows(window.x0, window.width, side, width));

  const paste = customGrad((...args) => {
    const [input] = args as unknown as [Tensor4D];
    // Columns first: the map between the products is then [n, w, s, c], the smaller of the two.
    const columns = matMul(
      tensor3d(columnWeights(), [count, width, side]),
      reshape(transpose(input, [0, 2, 1, 3]), [count, side, side * channels]),
    ); // [n, w, s * c]
    const turned = transpose(reshape(columns, [count, width, side, channels]), [0, 2, 1, 3]); // [n, s, w, c]
    const pasted = matMul(
      tensor3d(rowWeights(), [count, height, side]),
      reshape(turned, [count, side, width * channels]),
    ); // [n, h, w * c]
    const gradFunc = (dy: Tensor): Tensor => {
      const rows = matMul(
        tensor3d(transposed(rowWeights(), count, height, side), [count, side, height]),
        reshape(dy, [count, height, width * channels]),
      ); // [n, s, w * c]
      const turned = transpose(reshape(rows, [count, side, width, channels]), [0, 2, 1, 3]); // [n, w, s, c]
      const cells = matMul(
        tensor3d(transposed(columnWeights(), count, width, side), [count, side, width]),
        reshape(turned, [count, width, side * channels]),
      ); // [n, s, s * c], columns first
      return transpose(reshape(cells, [count, side, side, channels]), [0, 2, 1, 3]);
    };
    return { value: reshape(pasted, [count, height, width, channels]), gradFunc };
  });
  // Masks of one channel need no turning: rows * mask * columns', and rows' * dy * columns on the way back.
  const pastePlanes = customGrad((...args) => {
    const [input] = args as unknown as [Tensor4D];
    const tall = matMul(tensor3d(rowWeights(), [count, height, side]), reshape(input, [count, side, side])); // [n, h, s]
    const columns = transposed(columnWeights(), count, width, side);
    const pasted = matMul(tall, tensor3d(columns, [count, side, width])); // [n, h, w]
    const gradFunc = (dy: Tensor): Tensor => {
      const rows = tensor3d(transposed(rowWeights(), count, height, side), [count, side, height]);
      const wide = matMul(rows, reshape(dy, [count, height, width])); // [n, s, w]
      return reshape(matMul(wide, tensor3d(columnWeights(), [count, width, side])), [count, side, side, 1]);
    };
    return { value: reshape(pasted, [count, height, width, 1]), gradFunc };
  });
  const pasteNothing = customGrad(() => ({
    value: zeros([count, height, width, channels]),
    gradFunc: () => zeros(masks.shape),
  }));
  const byChannels = channels === 1 ? pastePlanes : paste;
  return tidy(() => (count * channels === 0 ? pasteNothing : byChannels)(masks) as Tensor4D);
}

function matrices(
  windows: readonly PasteWindow[],
  size: number,
  of: (window: PasteWindow) => Float32Array,
): Float32Array {
  const all = new Float32Array(windows.length * size);
  windows.forEach((window, index) => all.set(of(window), index * size));
  return all;
}
