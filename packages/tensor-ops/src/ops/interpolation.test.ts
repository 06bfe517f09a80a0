import { describe, expect, test } from '@jest/globals';
import { interpolationRows } from './interpolation.ts';

describe('interpolationRows', () => {
  test('reads between the centres of cells and holds the outer ones', () => {
    // Two cells over four pixels: centres at -0.25 (held), 0.25, 0.75, 1.25 (held).
    const rows = interpolationRows(0, 4, 2, 4);
    expect([...rows]).toEqual([1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1]);
  });

  test('leaves pixels outside the interval zero, also where it reaches out of the axis', () => {
    expect([...interpolationRows(1, 1, 1, 3)]).toEqual([0, 1, 0]);
    expect([...interpolationRows(-2, 4, 2, 3)]).toEqual([0.25, 0.75, 0, 1, 0, 0]);
    // Centres at 0.5, 1.5, 2.5: the interval [0.6, 2.4) holds one of them.
    expect([...interpolationRows(0.6, 1.8, 1, 3)]).toEqual([0, 1, 0]);
    expect([...interpolationRows(1, 0, 2, 2)]).toEqual([0, 0, 0, 0]);
    expect([...interpolationRows(1, -3, 2, 2)]).toEqual([0, 0, 0, 0]);
  });

  test('is the identity when every pixel is a cell', () => {
    expect([...interpolationRows(0, 3, 3, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });
});
