import { describe, expect, test } from '@jest/globals';
import { chessboardDistance } from '@pffnet/postprocess';
import { labelMap, objectIds } from '@pffnet/structures';
import fc from 'fast-check';
import { depthsOf, separateObjects } from './separate-objects.ts';

const row = (...distances: number[]) => ({ height: 1, width: distances.length, data: depthsOf(distances) });
const rule = { minDistance: 0.5, minDepth: 0.5, borders: 'kept' } as const;

describe('separateObjects', () => {
  test('gives each peak that the ways to others lead down from an object of its own', () => {
    const distances = row(0, 1, 2, 1, 2, 3, 1, 0, 1);
    expect([...separateObjects(distances, rule).data]).toEqual([0, 1, 1, 2, 2, 2, 2, 0, 3]);
  });

  test('joins peaks that are parted by no more than minDepth', () => {
    const distances = row(0, 1, 2, 1, 2, 3, 1, 0);
    expect([...separateObjects(distances, { ...rule, minDepth: 1 }).data]).toEqual([0, 1, 1, 1, 1, 1, 1, 0]);
  });

  test('leaves out pixels at or below minDistance', () => {
    const distances = row(0.5, 0.75, 1.5, 3, 1.5, 0.5);
    expect([...separateObjects(distances, rule).data]).toEqual([0, 1, 1, 1, 1, 0]);
    expect([...separateObjects(distances, { ...rule, minDistance: 1.5 }).data]).toEqual([0, 0, 0, 1, 0, 0]);
  });

  test('removes both sides of a border between objects, not that to the background', () => {
    const distances = row(0, 1, 2, 1, 2, 3, 1, 0, 1);
    expect([...separateObjects(distances, { ...rule, borders: 'removed' }).data]).toEqual([0, 1, 0, 0, 2, 2, 2, 0, 3]);
  });

  test('finds nothing where nothing is predicted or nothing is deep enough', () => {
    expect([...separateObjects(row(0, 0, 0), rule).data]).toEqual([0, 0, 0]);
    expect([...separateObjects(row(-3, 0.25, -1), rule).data]).toEqual([0, 0, 0]);
    expect([...separateObjects(row(0, 1, 1, 0), { ...rule, minDepth: 2 }).data]).toEqual([0, 0, 0, 0]);
    expect([...separateObjects(row(1), rule).data]).toEqual([1]);
    expect(separateObjects({ height: 0, width: 0, data: new Uint16Array(0) }, rule).data).toHaveLength(0);
  });

  test('gives back rectangles that do not touch from their own distances', () => {
    const sides = fc.record({ height: fc.integer({ min: 1, max: 7 }), width: fc.integer({ min: 1, max: 7 }) });
    fc.assert(
      fc.property(fc.array(sides, { minLength: 1, maxLength: 4 }), (rectangles) => {
        const width = rectangles.length * 9;
        const truth = labelMap(9, width);
        rectangles.forEach((rectangle, index) => {
          for (let y = 1; y <= rectangle.height; y++) {
            for (let x = 1; x <= rectangle.width; x++) truth.data[y * width + index * 9 + x] = index + 1;
          }
        });
        const found = separateObjects({ height: 9, width, data: depthsOf(chessboardDistance(truth)) }, rule);
        expect(objectIds(found)).toHaveLength(rectangles.length);
        // Ids follow the deepest places, so that only the partition has to agree.
        const pairs = new Set([...found.data].map((id, pixel) => `${id} ${truth.data[pixel]}`));
        expect(pairs.size).toBe(rectangles.length + 1);
      }),
    );
  });
});
