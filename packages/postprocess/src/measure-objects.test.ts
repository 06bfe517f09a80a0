import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { labelMap, objectIds, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { measurementColumns, measureObjects, type ObjectMeasurement } from './measure-objects.ts';

interface Golden {
  readonly height: number;
  readonly width: number;
  readonly runs: readonly (readonly [length: number, id: number])[];
  readonly objects: readonly ObjectMeasurement[];
}

const anyLabels = fc
  .array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 30 })
  .map((ids) => labelMap(5, 6, ids));

describe('measureObjects', () => {
  test('measures a bar of two pixels', () => {
    const [bar] = measureObjects(labelMap(3, 4, [0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 0, 0]), {
      height: 3,
      width: 4,
      data: [0, 0, 0, 0, 0, 10, 20, 0, 0, 0, 0, 0],
    });
    expect(bar).toEqual({
      id: 7,
      area: 2,
      // One line along the row enters it, two along columns, two along each diagonal.
      perimeter: (Math.PI / 4) * (3 + 4 * Math.SQRT1_2),
      centroid: [1.5, 2],
      box: [1, 1, 2, 3],
      majorAxis: 2, // 4 times the standard deviation 1/2
      minorAxis: 0,
      eccentricity: 1,
      orientation: Math.PI / 2,
      solidity: 1,
      intensities: [{ mean: 15, min: 10, max: 20 }],
    });
  });

  test('agrees with scikit-image on discs, tilted ellipses, a triangle, a hole, pieces, a cut object and a pixel', () => {
    const file = readFileSync(new URL('../test/measurements.json', import.meta.url), 'utf8');
    const { height, width, runs, objects } = JSON.parse(file) as Golden;
    const ids = runs.flatMap(([length, id]) => new Array<number>(length).fill(id));
    const image: number[] = [];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) for (const c of [0, 1]) image.push(((7 * y + 13 * x + 101 * c) % 200) / 2);
    }
    const measured = measureObjects(labelMap(height, width, ids), { height, width, data: image });
    expect(measured.map(({ id }) => id)).toEqual(objects.map(({ id }) => id));
    measured.forEach((object, index) => {
      const expected = objects[index]!;
      // A round object has no direction: scikit-image gives pi / 4, we give 0.
      const round = expected.majorAxis === expected.minorAxis;
      const wanted = numbersOf({ ...expected, orientation: round ? 0 : expected.orientation });
      const got = numbersOf(object);
      expect(got).toHaveLength(wanted.length);
      // float64 sums in another order
      got.forEach((value, at) => expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-9));
    });
  });

  test('does not change but for place when everything is shifted, and areas add up', () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const shifted = labelMap(9, 11);
        labels.data.forEach((id, pixel) => {
          shifted.data[(Math.floor(pixel / 6) + 3) * 11 + (pixel % 6) + 4] = id;
        });
        const [before, after] = [measureObjects(labels), measureObjects(shifted)];
        expect(before.map(({ id }) => id)).toEqual(objectIds(labels));
        expect(before.reduce((sum, { area }) => sum + area, 0)).toBe(labels.data.filter((id) => id > 0).length);
        before.forEach((object, index) => {
          const [y, x] = object.centroid;
          const moved = after[index]!;
          expect(moved.perimeter).toBeCloseTo(object.perimeter, 12);
          expect([moved.area, moved.majorAxis, moved.solidity]).toEqual([
            object.area,
            object.majorAxis,
            object.solidity,
          ]);
          expect(moved.centroid).toEqual([expect.closeTo(y + 3, 12), expect.closeTo(x + 4, 12)]);
        });
      }),
    );
  });

  test('a quarter turn exchanges rows and columns', () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const turned = labelMap(6, 5);
        labels.data.forEach((id, pixel) => {
          turned.data[(pixel % 6) * 5 + Math.floor(pixel / 6)] = id;
        });
        const [before, after] = [measureObjects(labels), measureObjects(turned)];
        before.forEach((object, index) => {
          const other = after[index]!;
          // float64 sums in another order
          expect(other.perimeter).toBeCloseTo(object.perimeter, 12);
          expect(other.eccentricity).toBeCloseTo(object.eccentricity, 6);
          expect(other.solidity).toBe(object.solidity);
          expect(object.solidity).toBeLessThanOrEqual(1);
          expect(object.solidity).toBeGreaterThan(0);
        });
      }),
    );
  });

  test('finds nothing in an empty map', () => {
    expect(measureObjects(labelMap(3, 3))).toEqual([]);
    expect(measureObjects(labelMap(0, 0))).toEqual([]);
  });

  test('refuses an image of another size', () => {
    const call = (): unknown => measureObjects(labelMap(2, 2), { height: 2, width: 3, data: new Float32Array(18) });
    expect(call).toThrow(new ShapeError('measureObjects: expected an image of 2 x 2 pixels, got 2 x 3 with 18 values'));
  });
});

describe('measurementColumns', () => {
  test('names every number', () => {
    const [object] = measureObjects(labelMap(1, 1, [3]), { height: 1, width: 1, data: [5, 9] });
    expect(measurementColumns(object!, ['nuclei', 'membrane'])).toEqual({
      area: 1,
      perimeter: expect.closeTo((Math.PI / 4) * (2 + 2 * Math.SQRT1_2), 12),
      y: 0.5,
      x: 0.5,
      y1: 0,
      x1: 0,
      y2: 1,
      x2: 1,
      majorAxis: 0,
      minorAxis: 0,
      eccentricity: 0,
      orientation: 0,
      solidity: 1,
      'mean nuclei': 5,
      'min nuclei': 5,
      'max nuclei': 5,
      'mean membrane': 9,
      'min membrane': 9,
      'max membrane': 9,
    });
    expect(Object.keys(measurementColumns(object!)).at(-1)).toBe('max 2');
  });
});

function numbersOf(object: ObjectMeasurement): number[] {
  const { id, area, perimeter, centroid, box, majorAxis, minorAxis, eccentricity, orientation, solidity } = object;
  return [
    ...[id, area, perimeter, ...centroid, ...box, majorAxis, minorAxis, eccentricity, orientation, solidity],
    ...object.intensities.flatMap(({ mean, min, max }) => [mean, min, max]),
  ];
}
