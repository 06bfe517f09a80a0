import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ringText } from './ring-text.ts';

describe('ringText', () => {
  const number = fc.oneof(fc.nat(), fc.nat(9), fc.constantFrom(10, 99, 100, 999_999_999, 1e9, 1e21), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e5, max: 1e5 })); // prettier-ignore

  test('is what JSON makes of any ring', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 300 }), (ring) => {
        expect(ringText(ring)).toBe(JSON.stringify(ring));
      }),
    );
  });
});
