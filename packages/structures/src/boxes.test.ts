import { describe, expect, test } from '@jest/globals';
import { boxCount, boxesOfLabels } from './boxes.ts';
import { ShapeError } from './errors.ts';
import { labelMap } from './label-map.ts';

describe('boxesOfLabels', () => {
  test('gives the tight box of every object, ids ascending', () => {
    // 0 7 7 0
    // 0 0 7 3
    const boxes = boxesOfLabels(labelMap(2, 4, [0, 7, 7, 0, 0, 0, 7, 3]));
    expect([...boxes]).toEqual([1, 3, 2, 4, 0, 1, 2, 3]);
  });

  test('spans the parts of an object in pieces', () => {
    expect([...boxesOfLabels(labelMap(3, 3, [1, 0, 0, 0, 2, 0, 0, 0, 1]))]).toEqual([0, 0, 3, 3, 1, 1, 2, 2]);
  });

  test('gives none for a map without objects', () => {
    expect(boxesOfLabels(labelMap(4, 4))).toHaveLength(0);
    expect(boxesOfLabels(labelMap(0, 0))).toHaveLength(0);
  });
});

describe('boxCount', () => {
  test('divides by four, or names what is no list of boxes', () => {
    expect(boxCount('caller', new Float32Array(12))).toBe(3);
    expect(() => boxCount('caller', new Float32Array(3))).toThrow(ShapeError);
    expect(() => boxCount('caller', new Float32Array(3))).toThrow('caller: expected boxes [n * 4], got [3]');
  });
});
