import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { add, type Tensor, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { discriminativeLoss } from './discriminative-loss.ts';

const margins = { pullMargin: 0.5, pushMargin: 1.5 };
const labels = labelMap(1, 5, [7, 7, 0, 3, 3]);
const valuesOf = (embeddings: number[], truth = labels, dimensions = 1): number[] =>
  Object.values(discriminativeLoss(tensor2d(embeddings, [truth.data.length, dimensions]), truth, margins)).map(
    (term) => term.dataSync()[0]!,
  );

describe('discriminativeLoss', () => {
  test('pulls what lies beyond a margin of its mean, pushes means apart, and counts their distance from the origin', () => {
    // Object 3 at 4 and 6, mean 5; object 7 at 2.8 and 3.2, mean 3; the background counts nothing.
    const [pull, push, regularisation] = valuesOf([2.8, 3.2, 99, 4, 6]);
    expect(pull).toBeCloseTo((0.5 ** 2 + 0) / 2, 5);
    expect(push).toBeCloseTo((3 - 2) ** 2, 4);
    expect(regularisation).toBeCloseTo((5 + 3) / 2, 5);
  });

  test('is 0 but for the regularisation where objects are tight and far apart', () => {
    const [pull, push] = valuesOf([0, 0.9, 5, 9, 9.5]);
    expect([pull, push]).toEqual([0, 0]);
  });

  test('counts objects alike, whatever their size, and distances in all dimensions', () => {
    const three = labelMap(1, 4, [1, 1, 1, 2]);
    const [pull, push] = valuesOf([0, 0, 0, 0, 0, 0, 1.2, 1.6], three, 2);
    expect(pull).toBeCloseTo(0, 6);
    expect(push).toBeCloseTo((3 - 2) ** 2, 4); // 2 = |(1.2, 1.6)|
  });

  test('has nothing to push with one object, and nothing at all with none', () => {
    expect(valuesOf([1, 1, 5, 1, 1], labelMap(1, 5, [1, 1, 0, 1, 1])).slice(0, 2)).toEqual([0, 0]);
    expect(valuesOf([1, 1, 5, 1, 1], labelMap(1, 5))).toEqual([0, 0, 0]);
  });

  test('agrees with finite differences', () => {
    const run = (embeddings: Tensor): Tensor => {
      const { pull, push, regularisation } = discriminativeLoss(embeddings as Tensor2D, labels, {
        pullMargin: 0.1,
        pushMargin: 2,
      });
      return add(add(pull!, push!), regularisation!);
    };
    expect(gradientError(run, [randomTensor([5, 3], 'embeddings')])).toBeLessThan(5e-3);
  });

  test('leaves its three terms and nothing else', () => {
    const embeddings = randomTensor([5, 3], 'embeddings') as Tensor2D;
    expect(newTensors(() => Object.values(discriminativeLoss(embeddings, labels, margins)))).toBe(3);
  });

  test('refuses embeddings of another image', () => {
    expect(() => discriminativeLoss(tensor2d([1, 2], [2, 1]), labels, margins)).toThrow(
      'discriminativeLoss: expected 5 embeddings, got 2',
    );
  });
});
