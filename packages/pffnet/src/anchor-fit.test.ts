import { describe, expect, test } from '@jest/globals';
import { pairwiseIou } from '@pffnet/structures';
import fc from 'fast-check';
import { anchorFit, type AnchorLevel } from './anchor-fit.ts';

/** Squares of 8 pixels every 4, and of 16 every 8, centred on their cells. */
const levels: readonly AnchorLevel[] = [
  { stride: 4, cell: Float32Array.of(-2, -2, 6, 6) },
  { stride: 8, cell: Float32Array.of(-4, -4, 12, 12) },
];

describe('anchorFit', () => {
  test('is 1 for a box that is an anchor, and known for simple ones', () => {
    const boxes = Float32Array.of(
      ...[2, 6, 10, 14], // the 8-pixel anchor of cell (1, 2)
      ...[4, 4, 20, 20], // the 16-pixel anchor of cell (1, 1)
      ...[4, 6, 12, 14], // two rows from the nearest 8-pixel anchor: 6 * 8 / (2 * 64 - 48)
      ...[2, 6, 6, 10], // 16 of the 64 pixels of an anchor
    );
    expect([...anchorFit(boxes, levels)]).toEqual([1, 1, Math.fround(0.6), 0.25]);
  });

  test('is the best of all anchors of all cells', () => {
    const coordinate = fc.integer({ min: 0, max: 60 });
    const side = fc.integer({ min: 1, max: 30 });
    const every = Float32Array.from(
      levels.flatMap(({ stride, cell }) =>
        Array.from({ length: 40 * 40 }, (_, index) => {
          const [y, x] = [Math.floor(index / 40) * stride, (index % 40) * stride];
          return [cell[0]! + y, cell[1]! + x, cell[2]! + y, cell[3]! + x];
        }).flat(),
      ),
    );
    fc.assert(
      fc.property(coordinate, coordinate, side, side, (y, x, height, width) => {
        const box = Float32Array.of(y, x, y + height, x + width);
        const [fit] = anchorFit(box, levels);
        // 1e-6: both are float32.
        expect(Math.abs(fit! - Math.max(...pairwiseIou(box, every, 'continuous')))).toBeLessThan(1e-6);
      }),
    );
  });

  test('is 0 for an empty box, and empty without boxes or levels', () => {
    expect([...anchorFit(Float32Array.of(3, 3, 3, 9), levels)]).toEqual([0]);
    expect([...anchorFit(new Float32Array(0), levels)]).toEqual([]);
    expect([...anchorFit(Float32Array.of(0, 0, 4, 4), [])]).toEqual([0]);
  });

  test('refuses a stride of 0', () => {
    expect(() => anchorFit(new Float32Array(4), [{ stride: 0, cell: new Float32Array(4) }])).toThrow(
      'anchorFit: expected a stride above 0, got 0',
    );
  });
});
