import { describe, expect, test } from '@jest/globals';
import { golden, newTensors } from '@pffnet/tensor-ops/testing';
import { grad, mul, type Scalar, scalar } from '@tensorflow/tfjs-core';
import type { LossTermSpec } from './network.ts';
import { totalLoss } from './total-loss.ts';

const names = [
  'rpn-objectness',
  'rpn-box',
  'box-class',
  'box-regression',
  'mask',
  'quality',
  'semantic',
  'fused-semantic',
  'consistency',
];

/** Nine terms of weight 1, but for those that are named. */
const weights = (changed: Readonly<Record<string, number>> = {}): LossTermSpec[] =>
  names.map((name) => ({ name, weight: changed[name] ?? 1, symbol: name, meaning: name }));

describe('totalLoss', () => {
  test('weighs and adds the terms there are', () => {
    const total = totalLoss({ mask: scalar(2), semantic: scalar(30) }, weights({ semantic: 0.1 }));
    expect(total).toBeAllClose(5, { atol: 0, rtol: 1e-6 });
  });

  test.each([
    ['total_released_weight_1', 1],
    ['total_paper_alpha1_0p1', 0.1],
  ])('matches %s of the whole network', (name, alpha1) => {
    const { scalars } = golden('e2e_train');
    const term = (key: string): Scalar => scalar(scalars[`loss_${key}`].value as number);
    const terms = {
      'rpn-objectness': term('objectness'),
      'rpn-box': term('rpn_box_reg'),
      'box-class': term('classifier'),
      'box-regression': term('box_reg'),
      mask: term('mask'),
      quality: term('maskiou'),
      semantic: term('sem_branch'),
      'fused-semantic': term('mask_fusion'),
      consistency: term('sem_consistence'),
    };
    expect(totalLoss(terms, weights({ semantic: alpha1, 'fused-semantic': alpha1 }))).toBeAllClose(
      scalars[name].value as number,
      { atol: 0, rtol: 1e-5 },
    );
  });

  test('leaves a term of weight 0 out, whatever its value', () => {
    expect(totalLoss({ mask: scalar(2), quality: scalar(NaN) }, weights({ quality: 0 }))).toBeAllClose(2, {
      atol: 0,
      rtol: 0,
    });
  });

  test('passes the weight on as the gradient', () => {
    const run = grad((x) => totalLoss({ quality: mul(x, 3) as Scalar }, weights({ quality: 0.5 })));
    expect(run(scalar(1))).toBeAllClose(1.5, { atol: 0, rtol: 1e-6 });
  });

  test('is 0 without terms', () => {
    expect(totalLoss({}, weights())).toBeAllClose(0, { atol: 0, rtol: 0 });
  });

  test('refuses a term that nobody specified, rather than leave it out', () => {
    expect(() => totalLoss({ edge: scalar(1) }, weights())).toThrow(
      new Error('totalLoss: the network does not specify its loss term edge'),
    );
  });

  test('leaves one new tensor per call', () => {
    const terms = { mask: scalar(1), quality: scalar(2) };
    expect(newTensors(() => totalLoss(terms, weights()))).toBe(1);
  });
});
