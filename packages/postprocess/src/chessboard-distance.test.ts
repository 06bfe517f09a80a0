import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type LabelMap, labelMap } from '@pffnet/structures';
import fc from 'fast-check';
import { chessboardDistance } from './chessboard-distance.ts';

const labelMaps = fc
  .record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ height, width }) =>
    fc
      .array(fc.nat(2), { minLength: height * width, maxLength: height * width })
      .map((ids) => labelMap(height, width, ids)),
  );

/** The definition, pixel by pixel. */
function byDefinition({ height, width, data }: LabelMap): number[] {
  return [...data].map((id, pixel) => {
    if (id === 0) return 0;
    const outside = [...data.keys()].filter((other) => data[other] !== id);
    const steps = outside.map((other) =>
      Math.max(
        Math.abs(Math.floor(pixel / width) - Math.floor(other / width)),
        Math.abs((pixel % width) - (other % width)),
      ),
    );
    return Math.min(Math.max(height, width), ...steps);
  });
}

describe('chessboardDistance', () => {
  test('counts steps to what is not the object, through corners too', () => {
    const square = [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    expect([...chessboardDistance(labelMap(5, 5, square))]).toEqual([
      0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 2, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });

  test('takes a touching object for outside, and what lies beyond the image for unknown', () => {
    expect([...chessboardDistance(labelMap(1, 8, [3, 3, 3, 1, 1, 0, 2, 2]))]).toEqual([3, 2, 1, 1, 1, 0, 1, 2]);
  });

  test('is 0 everywhere without objects, and the longer side in an object that fills the image', () => {
    expect([...chessboardDistance(labelMap(2, 2))]).toEqual([0, 0, 0, 0]);
    expect([...chessboardDistance(labelMap(1, 1, [7]))]).toEqual([1]);
    expect([...chessboardDistance(labelMap(1, 3, [7, 7, 7]))]).toEqual([3, 3, 3]);
    expect(chessboardDistance(labelMap(0, 0))).toHaveLength(0);
  });

  test('agrees with SciPy', () => {
    const { maps } = JSON.parse(readFileSync(new URL('../test/watershed.json', import.meta.url), 'utf8'));
    for (const { height, width, labels, distances } of maps) {
      expect([...chessboardDistance(labelMap(height, width, labels))]).toEqual(distances);
    }
  });

  test('is what its definition says', () => {
    fc.assert(
      fc.property(labelMaps, (labels) => {
        expect([...chessboardDistance(labels)]).toEqual(byDefinition(labels));
      }),
    );
  });
});
