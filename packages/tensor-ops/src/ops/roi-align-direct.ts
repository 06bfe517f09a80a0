import {
  avgPool,
  concat,
  gather,
  image,
  tensor1d,
  tensor2d,
  type Tensor4D,
  tidy,
  reshape,
  zeros,
} from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import type { Boxes } from '@pffnet/structures';
import { roiAlign } from './roi-align.ts';
import { hasRoiAlignKernel, roiAlignByKernel } from './roi-align-kernel.ts';
import { checkRois, type RoiAlignSpec, SAMPLES, samplePositions } from './roi-samples.ts';

/**
 * The values of {@link roiAlign} without a gradient, for many boxes on large maps: memory is four times the result,
 * whatever the size of the levels.
 * @param levels - [1, h, w, c] float32 each, the finest first.
 * @param boxes - [n * 4] image pixels; may be empty. Give them in chunks of a fixed size.
 * @param levelOfBox - [n] index into `levels`.
 * @returns [n, side, side, c], not differentiable.
 * @throws ShapeError if levels differ in channels, or boxes, levels and strides do not fit together.
 * @remarks Every sample is a crop of one point, whose position is found on the host by the same rule as in
 * {@link roiAlign}, so that border rules need no padded copy of a map. An engine's own kernel `RoiAlign` goes before.
 */
export function roiAlignDirect(levels: Tensor4D[], boxes: Boxes, levelOfBox: Int32Array, spec: RoiAlignSpec): Tensor4D {
  const count = checkRois('roiAlignDirect', levels.length, boxes, levelOfBox, spec);
  const channels = levels[0].shape[3];
  for (const level of levels) assertShape('roiAlignDirect', 'level', level, [1, 'h', 'w', channels]);
  if (count > 0 && hasRoiAlignKernel()) return tidy(() => roiAlignByKernel(levels, boxes, levelOfBox, spec));
  return tidy(() => {
    const order: number[] = [];
    const parts: Tensor4D[] = [];
    levels.forEach((map, level) => {
      const members = Array.from({ length: count }, (_, index) => index).filter((index) => levelOfBox[index] === level);
      if (members.length === 0) return;
      order.push(...members);
      parts.push(alignLevel(map, level, boxes, members, spec));
    });
    if (parts.length === 0) return zeros([0, spec.side, spec.side, channels]);
    const grouped = parts.length === 1 ? parts[0] : concat(parts, 0);
    if (order.every((index, place) => index === place)) return grouped;
    const places = new Int32Array(count);
    order.forEach((index, place) => (places[index] = place));
    return gather(grouped, tensor1d(places, 'int32'));
  });
}

function alignLevel(map: Tensor4D, level: number, boxes: Boxes, members: number[], spec: RoiAlignSpec): Tensor4D {
  const [, height, width, channels] = map.shape;
  if (height === 1 || width === 1) {
    // Crops cannot say "outside" on an axis of one cell; the product form is cheap on so small a map.
    const own = Float32Array.from(members.flatMap((index) => Array.from(boxes.subarray(index * 4, index * 4 + 4))));
    return roiAlign([map], own, new Int32Array(members.length), { ...spec, strides: [spec.strides[level]] });
  }
  const stride = spec.strides[level];
  const samples = spec.side * SAMPLES;
  const points = new Float32Array(members.length * samples * samples * 4).fill(OUTSIDE);
  let at = 0;
  for (const index of members) {
    const rows = samplePositions(boxes, index, { axis: 0, length: height, stride }, spec);
    const columns = samplePositions(boxes, index, { axis: 1, length: width, stride }, spec);
    for (const y of rows) {
      for (const x of columns) {
        if (!Number.isNaN(y) && !Number.isNaN(x)) {
          points[at] = points[at + 2] = y / (height - 1);
          points[at + 1] = points[at + 3] = x / (width - 1);
        }
        at += 4;
      }
    }
  }
  const crops = image.cropAndResize(
    map,
    tensor2d(points, [points.length / 4, 4]),
    tensor1d(new Int32Array(points.length / 4), 'int32'),
    [1, 1],
    'bilinear',
    0,
  );
  return avgPool(reshape(crops, [members.length, samples, samples, channels]), SAMPLES, SAMPLES, 'valid');
}

/** A normalised coordinate beyond every map: a crop there is zero. */
const OUTSIDE = -1;
