import { describe, expect, test } from '@jest/globals';
import { type Contour, type LabelMap, labelMap, type Ring } from '@pffnet/structures';
import '@pffnet/structures/testing';
import fc from 'fast-check';
import { contours as eachContour } from './contours.ts';

const contours = (labels: LabelMap): Contour[] => [...eachContour(labels)];

const shoelace = (ring: Ring): number => {
  let twice = 0;
  for (let at = 1; at < ring.length; at++) twice += ring[at - 1][0] * ring[at][1] - ring[at][0] * ring[at - 1][1];
  return twice / 2;
};

describe('contours', () => {
  test('walks around a pixel', () => {
    expect(contours(labelMap(2, 2, [0, 0, 0, 5]))).toEqual([
      {
        id: 5,
        polygons: [
          [
            [
              [1, 1],
              [2, 1],
              [2, 2],
              [1, 2],
              [1, 1],
            ],
          ],
        ],
      },
    ]);
  });

  test('keeps corners only, and puts holes after the outer ring', () => {
    const [{ polygons }] = contours(labelMap(3, 3, [1, 1, 1, 1, 0, 1, 1, 1, 1]));
    const [outer, hole] = polygons[0];
    expect(polygons).toHaveLength(1);
    expect(outer).toEqual([
      [0, 0],
      [3, 0],
      [3, 3],
      [0, 3],
      [0, 0],
    ]);
    expect([hole.length, shoelace(hole)]).toEqual([5, -1]);
  });

  test('separates pixels that touch at a corner', () => {
    const [{ polygons }] = contours(labelMap(2, 2, [1, 0, 0, 1]));
    expect(polygons.map((rings) => rings.length)).toEqual([1, 1]);
  });

  test('closes a ring whose ends touch at a corner around a hole', () => {
    // The two ends meet at corner (1, 1): the outer line passes there twice.
    const [{ polygons }] = contours(labelMap(3, 3, [0, 1, 1, 1, 0, 1, 1, 1, 1]));
    expect(polygons).toHaveLength(1);
    expect(polygons[0].map(shoelace)).toEqual([8, -1]);
  });

  const map = fc
    .record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
    .chain(({ height, width }) =>
      fc
        .array(fc.nat(2), { minLength: height * width, maxLength: height * width })
        .map((data) => labelMap(height, width, data)),
    );

  test('encloses as many pixels as the object has, by simple closed rings', () => {
    fc.assert(
      fc.property(map, (labels) => {
        const found = contours(labels);
        expect(found.map(({ id }) => id)).toEqual([1, 2].filter((id) => labels.data.includes(id)));
        for (const { id, polygons } of found) {
          const area = polygons.flat().reduce((sum, ring) => sum + shoelace(ring), 0);
          expect(area).toBe(labels.data.filter((at) => at === id).length);
          for (const [outer, ...holes] of polygons) {
            expect(shoelace(outer)).toBeGreaterThan(0);
            expect(holes.every((hole) => shoelace(hole) < 0)).toBe(true);
            for (const ring of [outer, ...holes]) {
              expect(ring[0]).toEqual(ring[ring.length - 1]);
              expect(new Set(ring.slice(1).map(String)).size).toBe(ring.length - 1);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('holds the pixels of the object and no others, by the even-odd rule', () => {
    fc.assert(
      fc.property(map, (labels) => {
        for (const { id, polygons } of contours(labels)) {
          for (let pixel = 0; pixel < labels.data.length; pixel++) {
            const [x, y] = [(pixel % labels.width) + 0.5, Math.floor(pixel / labels.width) + 0.5];
            let crossings = 0;
            for (const ring of polygons.flat()) {
              for (let at = 1; at < ring.length; at++) {
                const [[x1, y1], [, y2]] = [ring[at - 1], ring[at]];
                if (y1 <= y !== y2 <= y && x1 < x) crossings++;
              }
            }
            expect(crossings % 2 === 1).toBe(labels.data[pixel] === id);
          }
        }
      }),
    );
  });

  test('follows the pixels, not their numbers', () => {
    fc.assert(
      fc.property(map, (labels) => {
        const renamed = contours({ ...labels, data: labels.data.map((id) => id && 100_000 - id) });
        expect(renamed.reverse().map(({ polygons }) => polygons)).toEqual(
          contours(labels).map(({ polygons }) => polygons),
        );
      }),
    );
  });

  test('is empty for an empty map', () => {
    expect(contours(labelMap(3, 3))).toEqual([]);
    expect(contours(labelMap(0, 0))).toEqual([]);
  });
});
