import { describe, expect, test } from '@jest/globals';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { type Tensor, tensor2d, type Tensor2D, tensor4d, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { panopticLoss } from './panoptic-loss.ts';
import { roiSemanticLoss } from './roi-semantic-loss.ts';

const exact = { atol: 1e-6, rtol: 0 };

describe('panopticLoss', () => {
  test('is -log of the right channel’s share, over the cells that count', () => {
    // Three channels, two cells; the second cell does not count. e^0 : e^0 : e^ln 2, the right one is the third: 2 / 4.
    const logits = tensor2d([0, 9, 0, 8, Math.log(2), 7], [3, 2]);
    expect(panopticLoss({ logits, target: Int32Array.of(2, -1) })).toBeAllClose(Math.LN2, exact);
    expect(panopticLoss({ logits, target: Int32Array.of(-1, -1) })).toBeAllClose(0, exact);
  });

  test('agrees with finite differences, and leaves one tensor', () => {
    const target = Int32Array.of(0, 3, -1, 2, 1);
    const run = (logits: Tensor): Tensor => panopticLoss({ logits: logits as Tensor2D, target });
    const logits = randomTensor([4, 5], 'logits') as Tensor2D;
    expect(gradientError(run, [logits], { step: 1e-2 })).toBeLessThan(1e-3);
    expect(newTensors(() => panopticLoss({ logits, target }))).toBe(1);
  });

  test('names a target that no channel has', () => {
    expect(() => panopticLoss({ logits: zeros([2, 1]), target: Int32Array.of(2) })).toThrow(
      'panopticLoss: expected targets below 2, got 2',
    );
  });
});

describe('roiSemanticLoss', () => {
  test('is the cross-entropy of two classes, averaged over the cells of all boxes', () => {
    // Contrasts 0 and ln 3, both foreground: -log(1/2) and -log(3/4).
    const logits = tensor4d([5, 5, 0, Math.log(3)], [2, 1, 1, 2]);
    const expected = (Math.LN2 + Math.log(4 / 3)) / 2;
    expect(roiSemanticLoss({ logits, targets: Float32Array.of(1, 1) })).toBeAllClose(expected, exact);
  });

  test('is 0 without boxes, with a gradient of zeros', () => {
    const none: Tensor4D = zeros([0, 2, 2, 2]);
    expect(roiSemanticLoss({ logits: none, targets: new Float32Array(0) })).toBeAllClose(0, exact);
  });
});
