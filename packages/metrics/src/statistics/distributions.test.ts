import { describe, expect, test } from '@jest/globals';
import { goldenJson } from '../../test/golden-pairs.ts';
import { incompleteBeta, normalTail, studentTTail } from './distributions.ts';

const relativeError = (got: number, expected: number): number => Math.abs(got - expected) / Math.abs(expected);

describe('studentTTail', () => {
  test.each([0.1, 1, 7, 1e6])('of %d and one degree of freedom is the Cauchy tail', (t) => {
    expect(relativeError(studentTTail(t, 1), Math.atan(1 / t) / Math.PI)).toBeLessThan(1e-12);
  });

  test.each(goldenJson<{ student_t_cdf: { df: number; t: number; sf: number }[] }>('ttest').student_t_cdf)(
    'of $t with $df degrees of freedom is $sf',
    ({ df, t, sf }) => expect(relativeError(studentTTail(t, df), sf)).toBeLessThan(1e-10),
  );

  // scipy.stats.t.sf, SciPy 1.17.1
  test.each([
    [1.5, 2.5, 0.12391822654314809],
    [30, 1000, 7.687343722021547e-142],
    [1e-9, 7, 0.4999999996150086],
    [1e8, 3, 1.1026577908435833e-24],
  ])('of %d with %d degrees of freedom is %d', (t, df, tail) => {
    expect(relativeError(studentTTail(t, df), tail)).toBeLessThan(1e-10);
  });

  test('at the ends', () => {
    expect([studentTTail(0, 5), studentTTail(Infinity, 5), studentTTail(-Infinity, 5)]).toEqual([0.5, 0, 1]);
    expect(studentTTail(NaN, 5)).toBeNaN();
  });
});

describe('normalTail', () => {
  // scipy.stats.norm.sf, SciPy 1.17.1
  test.each([
    [-1.5, 0.9331927987311419],
    [0, 0.5],
    [0.3, 0.3820885778110474],
    [2.9, 0.0018658133003840375],
    [3.1, 0.0009676032132183563],
    [8, 6.22096057427174e-16],
    [37.5, 4.605353009581954e-308],
  ])('of %d is %d', (z, tail) => expect(relativeError(normalTail(z), tail)).toBeLessThan(1e-12));
});

describe('incompleteBeta', () => {
  test('is a polynomial for whole numbers', () => {
    const x = 0.4;
    expect(incompleteBeta(2, 3, x)).toBeCloseTo(6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 14);
  });

  test('turns around: I_x(a, b) + I_{1 - x}(b, a) = 1', () => {
    for (const x of [0.01, 0.3, 0.77])
      expect(incompleteBeta(2.5, 7, x) + incompleteBeta(7, 2.5, 1 - x)).toBeCloseTo(1, 14);
  });

  // scipy.special.betainc, SciPy 1.17.1
  test.each([
    [0.5, 0.5, 0.25, 0.33333333333333337],
    [24.5, 0.5, 0.99, 0.48505743127542655],
    [1000, 2, 0.999, 0.7353908495419277],
  ])('with a = %d, b = %d at %d is %d', (a, b, x, value) => {
    expect(relativeError(incompleteBeta(a, b, x), value)).toBeLessThan(1e-11);
  });

  test('at the ends', () => expect([incompleteBeta(2, 3, 0), incompleteBeta(2, 3, 1)]).toEqual([0, 1]));
});
