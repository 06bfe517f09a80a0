import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { add, logSoftmax, type Scalar, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { chooseColours, coloringLoss, colourWeights } from './coloring-loss.ts';
import { objectRegions } from './object-regions.ts';

// Two objects with one pixel of background between them; two colours.
const labels = labelMap(1, 4, [1, 0, 2, 2]);
const regions = objectRegions(labels, 1);
/** Of background, the first and the second colour, pixel by pixel. */
const probabilities = Float32Array.of(0.2, 0.5, 0.3, 0.6, 0.3, 0.1, 0.1, 0.2, 0.7, 0.2, 0.2, 0.6);

describe('chooseColours', () => {
  test('gives an object the colour that it has and its surroundings have not', () => {
    expect(chooseColours(probabilities, 3, regions, 0)).toEqual([1, 2]);
    // ln 0.5 + 7 ln 0.7 = -3.19 against ln 0.3 + 7 ln 0.9 = -1.94: the second colour suits the surroundings better.
    expect(chooseColours(probabilities, 3, regions, 7)).toEqual([2, 2]);
  });

  test('gives the first colour where all are equal, and decides where a probability is 0 or 1', () => {
    expect(chooseColours(new Float32Array(12).fill(1 / 3), 3, regions, 7)).toEqual([1, 1]);
    const sure = Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0);
    expect(chooseColours(sure, 3, regions, 7)).toEqual([2, 1]);
    expect(chooseColours(sure, 3, [], 7)).toEqual([]);
  });
});

describe('coloringLoss', () => {
  const weights = colourWeights(4, 3, regions, [1, 2], 7);
  const logs = (): Tensor => tensor2d(probabilities.map(Math.log), [4, 3]);

  test('is the mean of -ln p over background, and of objects that of -ln p inside and -7 ln(1 - p) around', () => {
    const { background, colouring } = coloringLoss(logs(), weights) as Record<string, Scalar>;
    expect(background!.dataSync()[0]).toBeCloseTo(-Math.log(0.6), 5);
    const first = Math.log(0.5) + 7 * Math.log(1 - 0.3);
    const second = (Math.log(0.7) + Math.log(0.6)) / 2 + 7 * Math.log(1 - 0.1);
    expect(colouring!.dataSync()[0]).toBeCloseTo(-(first + second) / 2, 4);
  });

  test('is least where each object has its colour alone', () => {
    const valueOf = (sure: number): number => {
      const rows = [...labels.data].map((id) => [0, 1, 2].map((channel) => (channel === id ? sure : (1 - sure) / 2)));
      const { background, colouring } = coloringLoss(tensor2d(rows.flat().map(Math.log), [4, 3]), weights);
      return add(background!, colouring!).dataSync()[0]!;
    };
    expect(valueOf(0.999)).toBeLessThan(valueOf(0.9));
    expect(valueOf(0.9)).toBeLessThan(valueOf(0.5));
    expect(valueOf(0.9999)).toBeLessThan(0.01);
  });

  test('agrees with finite differences', () => {
    const run = (logits: Tensor): Tensor => {
      const { background, colouring } = coloringLoss(logSoftmax(logits), weights);
      return add(background!, colouring!);
    };
    expect(gradientError(run, [randomTensor([4, 3], 'logits')])).toBeLessThan(5e-3);
  });

  test('is finite where a probability is 1 in float32, and 0 without objects', () => {
    const sure = Float32Array.of(-30, -30, 0, -30, 0, -30, -30, -30, 0, -30, -30, 0);
    const { colouring } = coloringLoss(tensor2d(sure, [4, 3]), weights);
    expect(colouring!.dataSync()[0]).toBeGreaterThan(50);
    expect(Number.isFinite(colouring!.dataSync()[0])).toBe(true);
    const none = coloringLoss(logs(), colourWeights(4, 3, [], [], 7));
    expect(none['colouring']!.dataSync()[0]).toBeCloseTo(0, 10);
    const full = objectRegions(labelMap(1, 4, [1, 1, 1, 1]), 1);
    const covered = coloringLoss(logs(), colourWeights(4, 3, full, [1], 7));
    expect(covered['background']!.dataSync()[0]).toBeCloseTo(0, 10);
  });

  test('leaves its two terms and nothing else', () => {
    const values = logs();
    expect(newTensors(() => Object.values(coloringLoss(values, weights)))).toBe(2);
  });
});
