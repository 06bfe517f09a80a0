import { describe, expect, test } from '@jest/globals';
import { golden, goldenParam, goldenWeight } from './index.ts';

describe('toBeAllClose', () => {
  const close = { atol: 0.1, rtol: 0.1 };

  test('compares number by number within atol + rtol * |expected|', () => {
    expect([1, 10]).toBeAllClose([1.15, 11.1], close);
    expect(() => expect([1, 10, 20]).toBeAllClose([1, 12, 25], close)).toThrow(
      '2 of 3 numbers are too far; worst at 2: expected 25, got 20',
    );
  });

  test('keeps NaN, infinities and lengths apart', () => {
    expect([NaN, Infinity, 0]).toBeAllClose([NaN, Infinity, -0], close);
    expect([NaN]).not.toBeAllClose([Infinity], close);
    expect([Infinity]).not.toBeAllClose([-Infinity], close);
    expect([0]).not.toBeAllClose([NaN], close);
    expect(() => expect([1]).toBeAllClose([1, 1], close)).toThrow('expected 2 numbers, got 1');
  });
});

describe('golden', () => {
  test('makes weights by the formula of the golden README', () => {
    expect(goldenWeight('dev-fpn', 'fpn.fpn_inner1.0.weight', [256, 256, 1, 1])[65535]).toBe(-0.10505638271570206);
    expect(goldenWeight('dev-fpn', 'fpn.fpn_inner1.1.weight', [256])[3]).toBe(1.0875743627548218);
    expect(goldenWeight('dev-fpn', 'fpn.sem_block_3x3.bias', [2])[1]).toBe(0.0431390143930912);
  });

  test('turns parameters into our layout', () => {
    const stored = goldenWeight('t', 'conv.weight', [2, 3, 1, 2]); // out, in, rows, columns
    const kernel = goldenParam('t', 'conv.weight', [2, 3, 1, 2]);
    expect(kernel.shape).toEqual([1, 2, 3, 2]);
    // Row 0, column 1, input 2, output 0 is out 0, in 2, row 0, column 1.
    expect(kernel.data[(1 * 3 + 2) * 2]).toBe(stored[2 * 2 + 1]);
    const matrix = goldenParam('t', 'fc.weight', [2, 12], [3, 2, 2]); // reads a [3, 2, 2] map, channels slowest
    expect(matrix.shape).toEqual([12, 2]);
    // Pixel 3, channel 1, output 1.
    expect(matrix.data[(3 * 3 + 1) * 2 + 1]).toBe(goldenWeight('t', 'fc.weight', [2, 12])[12 + 1 * 4 + 3]);
  });

  test('names a tensor that a case does not hold', () => {
    expect(() => golden('nms').plain('nothing')).toThrow('golden nms: there is no tensor nothing');
  });
});
