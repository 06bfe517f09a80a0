import { describe, expect, test } from '@jest/globals';
import { type Tensor, tensor4d, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { panopticLogits } from './panoptic-head.ts';

const exact = { atol: 1e-6, rtol: 0 };
const geometry = 'continuous';
/** Three cells of P2 in a row: stuff 1, 2, 3 and thing 5, -6, 7. */
const semantic = tensor4d([1, 5, 2, -6, 3, 7], [1, 1, 3, 2]);
/** The first two cells, and the last two. */
const boxes = Float32Array.of(0, 0, 4, 8, 0, 4, 4, 12);
/** Foreground logits 10 and 20. */
const maskLogits = tensor4d([0, 10, 0, 20], [2, 1, 1, 2]);

describe('panopticLogits', () => {
  test('adds mask and thing inside each box; void is the thing less the largest of them', () => {
    const logits = panopticLogits({ semantic, maskLogits, boxes, geometry });
    expect(logits.arraySync()).toEqual([
      [1, 2, 3], // stuff
      [5 + 10, -6 + 10, 0],
      [0, -6 + 20, 7 + 20],
      // 5 - max(5, 0); both boxes hold the second cell: -6 - max(-6, -6); 7 - max(0, 7).
      [0, 0, 0],
    ]);
  });

  test('without the second box, the third cell is nobody’s', () => {
    const one = {
      semantic,
      maskLogits: tensor4d([0, 10], [1, 1, 1, 2]),
      boxes: boxes.subarray(0, 4),
      geometry,
    } as const;
    expect(panopticLogits(one).arraySync()).toEqual([
      [1, 2, 3],
      [15, 4, 0],
      [0, 0, 7],
    ]);
  });

  test('without instances there is stuff, and void is the thing', () => {
    const none = {
      semantic,
      maskLogits: zeros([0, 1, 1, 2]) as Tensor4D,
      boxes: new Float32Array(0),
      geometry,
    } as const;
    expect(panopticLogits(none)).toBeAllClose([1, 2, 3, 5, -6, 7], exact);
  });

  test('agrees with finite differences in the semantic logits and the masks', () => {
    const run = (...[map, masks]: Tensor[]): Tensor =>
      panopticLogits({ semantic: map as Tensor4D, maskLogits: masks as Tensor4D, boxes, geometry });
    const inputs = [randomTensor([1, 2, 4, 2], 'semantic'), randomTensor([2, 3, 3, 2], 'masks')];
    expect(gradientError(run, inputs, { step: 1e-2 })).toBeLessThan(1e-3);
  });

  test('leaves one new tensor per call', () => {
    expect(newTensors(() => panopticLogits({ semantic, maskLogits, boxes, geometry }))).toBe(1);
  });

  test('names masks that have no box', () => {
    expect(() => panopticLogits({ semantic, maskLogits, boxes: boxes.subarray(0, 4), geometry })).toThrow(
      'panopticLogits: expected boxes [8] for 2 masks, got [4]',
    );
  });
});
