import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type InsideRule, polygonRuns, type Ring } from './polygon-runs.ts';

/** The pixels of a polygon as rows of `#` and `.`. */
function drawn(rings: readonly Ring[], height: number, width: number, rule: InsideRule = 'nonzero'): string[] {
  const rows = Array.from({ length: height }, () => Array<string>(width).fill('.'));
  polygonRuns(rings, { height, width }, rule, (y, from, to) => rows[y]!.fill('#', from, to));
  return rows.map((row) => row.join(''));
}

const rectangle = (x1: number, y1: number, x2: number, y2: number): number[] => [x1, y1, x2, y1, x2, y2, x1, y2];

describe('polygonRuns', () => {
  test('fills the pixels that a rectangle on the pixel grid covers', () => {
    expect(drawn([rectangle(1, 1, 4, 3)], 4, 5)).toEqual(['.....', '.###.', '.###.', '.....']);
  });

  test('fills the pixels whose centres lie inside a triangle', () => {
    // The slanted side passes exactly through the centres of the diagonal: they lie to its left, and so outside.
    expect(drawn([[0, 0, 4, 0, 0, 4]], 4, 4)).toEqual(['###.', '##..', '#...', '....']);
    expect(drawn([[4, 0, 4, 4, 0, 4]], 4, 4)).toEqual(['...#', '..##', '.###', '####']);
  });

  test('gives a centre on an outline to the polygon right of it or below', () => {
    expect(drawn([rectangle(0.5, 0.5, 2.5, 2.5)], 3, 3)).toEqual(['##.', '##.', '...']);
  });

  test('joins the last point to the first, whether or not it repeats it', () => {
    const open = rectangle(0, 0, 3, 2);
    expect(drawn([[...open, 0, 0]], 2, 3)).toEqual(drawn([open], 2, 3));
  });

  test('cuts off what lies outside the image', () => {
    expect(drawn([rectangle(-5, -5, 2, 1)], 2, 3)).toEqual(['##.', '...']);
    expect(drawn([rectangle(10, 10, 20, 20)], 2, 3)).toEqual(['...', '...']);
    expect(drawn([rectangle(-1e9, -1e9, 1e9, 1e9)], 2, 3)).toEqual(['###', '###']);
  });

  test('keeps the overlap of an outline that overruns its start under nonzero, not under even-odd', () => {
    const twice = [...rectangle(0, 0, 3, 2), ...rectangle(0, 0, 3, 2)];
    expect(drawn([twice], 2, 3)).toEqual(['###', '###']);
    expect(drawn([twice], 2, 3, 'even-odd')).toEqual(['...', '...']);
  });

  test('leaves holes out under even-odd, whichever way they turn', () => {
    const [outer, hole] = [rectangle(0, 0, 5, 3), rectangle(1, 1, 4, 2)];
    const expected = ['#####', '#...#', '#####'];
    expect(drawn([outer, hole], 3, 5, 'even-odd')).toEqual(expected);
    expect(drawn([outer, [1, 1, 1, 2, 4, 2, 4, 1]], 3, 5, 'even-odd')).toEqual(expected);
  });

  test.each<[string, Ring[]]>([
    ['no ring', []],
    ['an empty ring', [[]]],
    ['one point', [[1, 1]]],
    ['two points', [[0, 0, 3, 3]]],
    ['points on a line', [[0, 0, 1, 1, 2, 2, 3, 3]]],
  ])('fills nothing for %s', (_, rings) => {
    expect(drawn(rings, 3, 3)).toEqual(['...', '...', '...']);
  });

  test('divides the image without gap or overlap between polygons with a common border', () => {
    const coordinate = fc.integer({ min: 0, max: 32 }).map((quarters) => quarters / 4);
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 6 }), (bends) => {
        // A line from the upper to the lower border, its bends ordered downwards; one polygon on either side.
        const line = [[4, 0], ...bends.map(([x, y]) => [x, y]).sort((a, b) => a[1]! - b[1]!), [4, 8]] as number[][];
        const left = [...line.flat(), 0, 8, 0, 0];
        const right = [...line.flat(), 8, 8, 8, 0];
        const count = new Uint8Array(64);
        for (const ring of [left, right]) {
          polygonRuns([ring], { height: 8, width: 8 }, 'nonzero', (y, from, to) => {
            for (let x = from; x < to; x++) count[y * 8 + x]++;
          });
        }
        expect(count.every((times) => times === 1)).toBe(true);
      }),
    );
  });

  test('agrees with a count of crossings along a ray from each centre', () => {
    // Points on a grid of sevenths, moved so that no line through two of them comes nearer to a centre than 9e-8 pixels:
    // on the line itself rounding alone would decide. In sevenths a centre lies (1, 129) / 129^2 off the grid, and for
    // normals (a, b) of such lines, |a|, |b| <= 64, a + 129 b is no multiple of 129^2 but for a = b = 0.
    const grid = fc.integer({ min: -8, max: 56 });
    const [left, up] = [1 / 129 ** 2, 1 / 129].map((offset) => (0.5 - offset) / 7);
    fc.assert(
      fc.property(fc.array(fc.tuple(grid, grid), { minLength: 3, maxLength: 8 }), (points) => {
        const ring = points.flatMap(([x, y]) => [x / 7 + left!, y / 7 + up!]);
        const rows = drawn([ring], 7, 7, 'even-odd');
        for (let y = 0; y < 7; y++) {
          for (let x = 0; x < 7; x++) expect(rows[y]![x] === '#').toBe(crossesOddly(ring, x + 0.5, y + 0.5));
        }
      }),
    );
  });
});

/** Franklin's test: whether a ray to the right of a point crosses the outline an odd number of times. */
function crossesOddly(ring: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
