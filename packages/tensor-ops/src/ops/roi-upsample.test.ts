import { describe, expect, test } from '@jest/globals';
import { div, maximum, ones, type Rank, sum, type Tensor, tensor4d, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { pasteMasks } from './paste-masks.ts';
import { roiUpsample } from './roi-upsample.ts';

const exact = { atol: 1e-6, rtol: 0 };
const onPixels = (height: number, width: number) =>
  ({ size: { height, width }, stride: 1, geometry: 'continuous' }) as const;

/** Two boxes that share the column 1, one of them beyond the border. */
const boxes = Float32Array.of(0, 0, 2, 2, -1, 1, 1, 4);

describe('roiUpsample', () => {
  test('writes each RoI to its box, the mean where boxes overlap, zero elsewhere', () => {
    // 1 2   and   5 5 5
    // 3 4         6 6 6, of which the first row lies above the map
    const rois = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    expect(roiUpsample(rois, Float32Array.of(0, 0, 2, 2), onPixels(2, 3))).toBeAllClose([1, 2, 0, 3, 4, 0], exact);
    const both = tensor4d([1, 2, 3, 4, 5, 5, 6, 6], [2, 2, 2, 1]);
    // Row 0: 1, (2 + 6) / 2, 6; row 1: 3, 4, 0.
    expect(roiUpsample(both, boxes, onPixels(2, 3))).toBeAllClose([1, 4, 6, 3, 4, 0], exact);
  });

  test('reads boxes in image pixels: stride 4 is the box of a quarter of the size', () => {
    const rois = randomTensor<Rank.R4>([2, 3, 3, 2], 'rois');
    const inPixels = boxes.map((edge) => edge * 4);
    expect(roiUpsample(rois, inPixels, { ...onPixels(5, 6), stride: 4 })).toBeAllClose(
      roiUpsample(rois, boxes, onPixels(5, 6)).dataSync(),
      exact,
    );
  });

  test('is the sum of pasted RoIs over the number of boxes', () => {
    const rois = randomTensor<Rank.R4>([3, 4, 4, 2], 'rois');
    const three = Float32Array.of(0.3, 1.2, 5.1, 6, 2, 2, 4, 9, -3, -2, 3.5, 3.5);
    const size = { height: 6, width: 8 };
    const pasted = (masks: Tensor4D): Tensor => sum(pasteMasks(masks, three, size, 'continuous'), 0);
    const expected = div(pasted(rois), maximum(pasted(ones([3, 1, 1, 1])), 1));
    expect(roiUpsample(rois, three, onPixels(6, 8))).toBeAllClose(expected.dataSync() as Float32Array, {
      atol: 1e-5,
      rtol: 0,
    });
  });

  test('agrees with finite differences', () => {
    const run = (rois: Tensor): Tensor => roiUpsample(rois as Tensor4D, boxes, onPixels(3, 5));
    expect(gradientError(run, [randomTensor<Rank.R4>([2, 3, 3, 2], 'rois')], { step: 1e-2 })).toBeLessThan(1e-3);
  });

  test('is zero without RoIs, which get a gradient all the same', () => {
    const map = roiUpsample(zeros([0, 3, 3, 2]), new Float32Array(0), onPixels(2, 2));
    expect(map).toBeAllClose(new Float32Array(8), exact);
    const run = (rois: Tensor): Tensor => roiUpsample(rois as Tensor4D, new Float32Array(0), onPixels(2, 2));
    expect(gradientError(run, [zeros([0, 3, 3, 2])])).toBe(0);
  });

  test('leaves one new tensor per call', () => {
    const rois = randomTensor<Rank.R4>([2, 3, 3, 2], 'rois');
    expect(newTensors(() => roiUpsample(rois, boxes, onPixels(3, 5)))).toBe(1);
  });

  test('names RoIs that have no box', () => {
    expect(() => roiUpsample(zeros([1, 3, 3, 2]), boxes, onPixels(2, 2))).toThrow(
      'roiUpsample: expected rois [2, s, s, c], got [1, 3, 3, 2]',
    );
  });
});
