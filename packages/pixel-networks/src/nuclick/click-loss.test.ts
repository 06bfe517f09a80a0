import { describe, expect, test } from '@jest/globals';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { add, type Tensor, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { clickLoss } from './click-loss.ts';

const truth = tensor3d([1, 0, 0, 0, 1, 1, 1, 1], [2, 2, 2]);

describe('clickLoss', () => {
  test('is 1 - Dice per click, smoothed by 1, and the mean cross-entropy', () => {
    const logits = tensor3d(new Float32Array(8), [2, 2, 2]); // every probability is 1/2
    const terms = clickLoss(logits, truth);
    const first = 1 - (2 * 0.5 + 1) / (2 + 1 + 1);
    const second = 1 - (2 * 2 + 1) / (2 + 4 + 1);
    expect(terms['dice']!.dataSync()[0]).toBeCloseTo((first + second) / 2, 5);
    expect(terms['cross-entropy']!.dataSync()[0]).toBeCloseTo(Math.log(2), 5);
    expect(newTensors(() => Object.values(clickLoss(logits, truth)))).toBe(2);
  });

  test('is 0 where masks are right and sure, and finite where they are wrong and sure', () => {
    const sure = tensor3d([99, -99, -99, -99, 99, 99, 99, 99], [2, 2, 2]);
    const wrong = tensor3d([-99, 99, 99, 99, -99, -99, -99, -99], [2, 2, 2]);
    for (const term of Object.values(clickLoss(sure, truth))) expect(term.dataSync()[0]).toBeCloseTo(0, 5);
    expect(clickLoss(wrong, truth)['cross-entropy']!.dataSync()[0]).toBeCloseTo(99, 3);
  });

  test('agrees with finite differences', () => {
    const run = (logits: Tensor): Tensor => {
      const terms = clickLoss(logits as Tensor3D, truth);
      return add(terms['dice']!, terms['cross-entropy']!);
    };
    expect(gradientError(run, [randomTensor([2, 2, 2], 'logits')])).toBeLessThan(5e-3);
  });
});
