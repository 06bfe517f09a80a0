import {
  add,
  customGrad,
  matMul,
  reshape,
  type Tensor,
  tensor2d,
  tensor3d,
  type Tensor4D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import type { Boxes } from '@pffnet/structures';
import { transposed } from './interpolation.ts';
import { hasRoiAlignKernel, roiAlignByKernel } from './roi-align-kernel.ts';
import { checkRois, type RoiAlignSpec, SAMPLES, samplePositions } from './roi-samples.ts';

/**
 * Reads each box from its pyramid level as a map of fixed size: every output cell is the mean of 2 x 2 bilinear samples.
 * @param levels - [1, h, w, c] float32 each, the finest first; cell (0, 0) of a level covers its first `stride` pixels.
 * @param boxes - [n * 4] image pixels; may be empty.
 * @param levelOfBox - [n] index into `levels`.
 * @returns [n, side, side, c]. Differentiable once in `levels`; a level without boxes gets zeros.
 * @throws ShapeError if levels differ in channels, or boxes, levels and strides do not fit together.
 * @remarks Source: He et al. 2017, section 3 (RoIAlign). Bilinear sampling is separable, so a box is Wy F Wx^T with
 * interpolation matrices made on the host: exact values and gradients out of products that every engine has, and the
 * same bits every time. Memory: n * side rows of a level; for many boxes on large maps see {@link roiAlignDirect}. An
 * engine may register kernels `RoiAlign` and `RoiAlignGrad`, which then take the place of the products.
 */
export function roiAlign(levels: Tensor4D[], boxes: Boxes, levelOfBox: Int32Array, spec: RoiAlignSpec): Tensor4D {
  const count = checkRois('roiAlign', levels.length, boxes, levelOfBox, spec);
  const channels = levels[0].shape[3];
  for (const level of levels) assertShape('roiAlign', 'level', level, [1, 'h', 'w', channels]);
  if (count > 0 && hasRoiAlignKernel()) return tidy(() => roiAlignByKernel(levels, boxes, levelOfBox, spec));
  const { side } = spec;
  const shape: Tensor4D['shape'] = [count, side, side, channels];
  const shapes = levels.map((level) => level.shape);
  const used = levels.map((_, level) => levelOfBox.includes(level));

  const align = customGrad((...args) => {
    const maps = args.slice(0, levels.length) as Tensor4D[];
    let value: Tensor | undefined;
    maps.forEach((map, level) => {
      if (!used[level]) return;
      const [, height, width] = map.shape;
      const ofRows = axisWeights(boxes, levelOfBox, level, 0, height, spec);
      const ofColumns = axisWeights(boxes, levelOfBox, level, 1, width, spec);
      const rows = matMul(tensor2d(ofRows, [count * side, height]), reshape(map, [height, width * channels])); // [n * s, w * c]
      const cells = matMul(
        tensor3d(repeatPerRow(ofColumns, side, side * width), [count * side, side, width]),
        reshape(rows, [count * side, width, channels]),
      ); // [n * s, s, c]
      value = value === undefined ? cells : add(value, cells);
    });
    const gradFunc = (dy: Tensor): Tensor[] => {
      const upstream = reshape(dy, [count * side, side, channels]);
      return shapes.map(([one, height, width], level) => {
        if (!used[level]) return zeros([one, height, width, channels]);
        const ofRows = transposed(axisWeights(boxes, levelOfBox, level, 0, height, spec), 1, count * side, height);
        const ofColumns = transposed(axisWeights(boxes, levelOfBox, level, 1, width, spec), count, side, width);
        const rows = matMul(
          tensor3d(repeatPerRow(ofColumns, side, side * width), [count * side, width, side]),
          upstream,
        ); // [n * s, w, c]
        const map = matMul(tensor2d(ofRows, [height, count * side]), reshape(rows, [count * side, width * channels])); // [h, w * c]
        return reshape(map, [1, height, width, channels]);
      });
    };
    return { value: value === undefined ? zeros(shape) : reshape(value, shape), gradFunc };
  });
  return tidy(() => align(...levels) as Tensor4D);
}

/** The interpolation matrix of one axis: [n, side, length], rows of boxes on other levels are zero. */
function axisWeights(
  boxes: Boxes,
  levelOfBox: Int32Array,
  level: number,
  axis: 0 | 1,
  length: number,
  spec: RoiAlignSpec,
): Float32Array {
  const weights = new Float32Array(levelOfBox.length * spec.side * length);
  const along = { axis, length, stride: spec.strides[level] };
  for (let index = 0; index < levelOfBox.length; index++) {
    if (levelOfBox[index] !== level) continue;
    samplePositions(boxes, index, along, spec).forEach((position, sample) => {
      if (Number.isNaN(position)) return;
      const row = (index * spec.side + Math.floor(sample / SAMPLES)) * length;
      const before = Math.floor(position);
      const after = Math.min(before + 1, length - 1);
      weights[row + before] += (1 - (position - before)) / SAMPLES;
      weights[row + after] += (position - before) / SAMPLES;
    });
  }
  return weights;
}

/** Blocks of `size` numbers, each written `times` times in a row. */
function repeatPerRow(blocks: Float32Array, times: number, size: number): Float32Array {
  const repeated = new Float32Array(blocks.length * times);
  for (let from = 0, to = 0; from < blocks.length; from += size) {
    const block = blocks.subarray(from, from + size);
    for (let copy = 0; copy < times; copy++, to += size) repeated.set(block, to);
  }
  return repeated;
}
