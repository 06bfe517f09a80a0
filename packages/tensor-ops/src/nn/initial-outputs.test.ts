import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { initialLogit, initialLogitsKernel } from './initial-outputs.ts';
import { kaimingUniform } from './initializers.ts';

describe('initialLogit', () => {
  test('is the logit of the prior: an eighth gives ln(1 / 7)', () => {
    expect(initialLogit('informed', 0.125)).toBeCloseTo(Math.log(1 / 7), 12);
    expect(initialLogit('informed', 0.5)).toBe(0);
  });

  test('is 0 as published', () => {
    expect(initialLogit('published', 0.125)).toBe(0);
  });

  test('has the prior as its sigmoid, and stays finite at 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (prior) => {
        const probability = 1 / (1 + Math.exp(-initialLogit('informed', prior)));
        expect(probability).toBeCloseTo(Math.min(0.99, Math.max(0.01, prior)), 9);
      }),
    );
  });
});

test('initialLogitsKernel leaves the published kernel as it is', () => {
  expect(initialLogitsKernel('published', kaimingUniform)).toBe(kaimingUniform);
  expect(initialLogitsKernel('informed', kaimingUniform)).not.toBe(kaimingUniform);
});
