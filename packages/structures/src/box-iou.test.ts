import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boxesFromXyxy, golden } from './testing/index.ts';
import { boxArea, pairwiseIou } from './box-iou.ts';
import { ShapeError } from './errors.ts';

describe('boxArea', () => {
  test('counts square pixels, both ends included in legacy geometry', () => {
    const boxes = Float32Array.of(0, 0, 1, 1, 2, 3, 4, 7, 5, 5, 4, 9);
    expect([0, 1, 2].map((index) => boxArea(boxes, index, 'continuous'))).toEqual([1, 8, 0]);
    expect([0, 1, 2].map((index) => boxArea(boxes, index, 'legacy'))).toEqual([4, 15, 0]);
  });
});

describe('pairwiseIou', () => {
  test('divides the shared area by the united one', () => {
    const a = Float32Array.of(0, 0, 2, 2);
    // The same box; half of it; a quarter shared of four each; touching; an empty one.
    const b = Float32Array.of(0, 0, 2, 2, 0, 0, 2, 1, 1, 1, 3, 3, 2, 0, 4, 2, 1, 1, 1, 2);
    const expected = [1, 1 / 2, 1 / 7, 0, 0];
    expect(pairwiseIou(a, b, 'continuous')).toBeAllClose(expected, { atol: 1e-7, rtol: 0 });
    // Inclusive ends: the touching box shares a row of 3 of 9 pixels each, the empty one is a column of 1 x 2.
    const legacy = [1, 6 / 9, 4 / 14, 3 / 15, 2 / 9];
    expect(pairwiseIou(a, b, 'legacy')).toBeAllClose(legacy, { atol: 1e-7, rtol: 0 });
  });

  test('is symmetric, within 0 and 1, and 1 only for the same box', () => {
    const edge = fc.integer({ min: 0, max: 20 });
    const box = fc.tuple(edge, edge, edge, edge);
    fc.assert(
      fc.property(box, box, (first, second) => {
        const [a, b] = [Float32Array.from(first), Float32Array.from(second)];
        const [iou] = pairwiseIou(a, b, 'continuous');
        expect(pairwiseIou(b, a, 'continuous')[0]).toBe(iou);
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1);
        const isBox = boxArea(a, 0, 'continuous') > 0;
        expect(iou === 1).toBe(isBox && first.join() === second.join());
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('matches the reference', () => {
    const { plain } = golden('iou_matcher');
    const expected = plain('iou');
    const iou = pairwiseIou(boxesFromXyxy(plain('gt')), boxesFromXyxy(plain('proposals')), 'legacy');
    expect(iou).toBeAllClose(expected.data as Float32Array, expected);
  });

  test('gives an empty matrix for no boxes', () => {
    expect(pairwiseIou(new Float32Array(0), new Float32Array(8), 'continuous')).toHaveLength(0);
    expect(pairwiseIou(new Float32Array(8), new Float32Array(0), 'continuous')).toHaveLength(0);
  });

  test('names an array that is no list of boxes', () => {
    const run = (): unknown => pairwiseIou(new Float32Array(4), new Float32Array(6), 'legacy');
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('pairwiseIou: expected boxes [n * 4], got [6]');
  });
});
