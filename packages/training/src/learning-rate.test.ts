import { describe, expect, test } from '@jest/globals';
import { golden } from '@pffnet/tensor-ops/testing';
import { learningRateAt } from './learning-rate.ts';

const paper = {
  iterations: 12000,
  learningRate: 0.003,
  warmup: { iterations: 500, factor: 1 / 3 },
  decay: { at: [0.75], factor: 0.1 },
};

describe('learningRateAt', () => {
  test('begins at a third, is full after the warm-up and a tenth from three quarters on', () => {
    expect([0, 250, 500, 8999, 9000].map((step) => learningRateAt(step, paper))).toBeAllClose(
      [0.001, 0.002, 0.003, 0.003, 0.0003],
      { atol: 0, rtol: 1e-12 },
    );
  });

  test.each([0, 495, 8995])('equals the reference in ten updates from %d', (start) => {
    const rows = golden('optimiser').scalars[`lr_start${start}`].value as number[][];
    const ours = rows.map((_, update) => learningRateAt(start + update, paper));
    expect(ours).toBeAllClose(
      rows.map(([weights]) => weights),
      { atol: 0, rtol: 1e-6 },
    );
  });

  test('has no warm-up when it lasts no iteration', () => {
    expect(learningRateAt(0, { ...paper, warmup: { iterations: 0, factor: 0.1 } })).toBe(0.003);
  });
});
