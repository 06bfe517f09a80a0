import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Colour, colourDifference } from './colour-difference.ts';

const colour = fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min: 0, max: 255 }))) as fc.Arbitrary<
  [number, number, number]
>;

describe('colourDifference', () => {
  // CIELAB of sRGB under D65: red (53.24, 80.09, 67.20), green (87.73, -86.18, 83.18), blue (32.30, 79.19, -107.86).
  test.each<[Colour, Colour, number]>([
    [[0, 0, 0], [255, 255, 255], 100],
    [[255, 0, 0], [0, 255, 0], 170.6],
    [[0, 255, 0], [0, 0, 255], 258.7],
    [[0, 0, 0], [1, 1, 1], 0.27],
  ])('%p and %p', (one, other, expected) => {
    expect(colourDifference(one, other)).toBeCloseTo(expected, 1);
  });

  test('is a distance', () => {
    fc.assert(
      fc.property(colour, colour, colour, (a, b, c) => {
        expect(colourDifference(a, a)).toBe(0);
        expect(colourDifference(a, b)).toBe(colourDifference(b, a));
        expect(colourDifference(a, c)).toBeLessThanOrEqual(colourDifference(a, b) + colourDifference(b, c) + 1e-9);
      }),
    );
  });
});
