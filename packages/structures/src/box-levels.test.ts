import { describe, expect, test } from '@jest/globals';
import { boxesFromXyxy, golden } from './testing/index.ts';
import { levelOfBoxes } from './box-levels.ts';

/** Squares at the origin, both ends inclusive in legacy geometry. */
const squares = (...sides: number[]): Float32Array => Float32Array.from(sides.flatMap((side) => [0, 0, side, side]));

describe('levelOfBoxes', () => {
  test('goes up one level when the side doubles', () => {
    const boxes = squares(10, 111, 112, 223, 224, 447, 448, 5000);
    expect([...levelOfBoxes(boxes, { count: 4 }, 'continuous')]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    // Area counts, not the sides: 112 x 448 is as large as 224 x 224.
    expect([...levelOfBoxes(Float32Array.of(0, 0, 112, 448), { count: 4 }, 'continuous')]).toEqual([2]);
  });

  test('follows another canonical size and level', () => {
    const rule = { count: 3, canonicalSize: 32, canonicalLevel: 1 };
    expect([...levelOfBoxes(squares(15, 16, 31, 32, 63, 64, 500), rule, 'continuous')]).toEqual([0, 0, 0, 1, 1, 2, 2]);
  });

  test('matches the reference, also at exact boundaries', () => {
    const { plain } = golden('pooler_levels');
    for (const [boxes, levels] of [
      ['boxes', 'levels'],
      ['edge_boxes', 'edge_levels'],
      ['pool_boxes', 'pool_levels'],
    ]) {
      expect(levelOfBoxes(boxesFromXyxy(plain(boxes)), { count: 4 }, 'legacy')).toEqual(plain(levels).data);
    }
  });

  test('puts empty boxes on the finest level', () => {
    expect([...levelOfBoxes(squares(0, -3), { count: 4 }, 'continuous')]).toEqual([0, 0]);
    expect(levelOfBoxes(new Float32Array(0), { count: 4 }, 'legacy')).toHaveLength(0);
  });
});
