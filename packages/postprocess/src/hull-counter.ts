import type { ObjectRows } from './object-sums.ts';

/** Counts the pixels of a convex hull; see {@link hullCounter}. */
export type HullCounter = (rows: ObjectRows, from: number, to: number) => number;

/**
 * Makes a function that counts the pixel middles in the convex hull of an object or on its border, the object's rows being
 * entries `from` to `to`. Each pixel counts with the middles of its four sides. Coordinates are doubled, so that they are
 * whole numbers and the answer is exact. The function keeps its arrays from one object to the next.
 */
export function hullCounter(): HullCounter {
  // Ends of each half row, from top to bottom: only they can be corners of the hull.
  const ends: Ends = { y: [], left: [], right: [] };
  const [left, right]: Border[] = [
    { y: [], x: [] },
    { y: [], x: [] },
  ];
  return ({ y, first, last }, from, to) => {
    ends.y.length = ends.left.length = ends.right.length = 0;
    for (let row = from; row < to; row++) {
      add(ends, 2 * y[row] - 1, 2 * first[row], 2 * last[row]);
      add(ends, 2 * y[row], 2 * first[row] - 1, 2 * last[row] + 1);
      add(ends, 2 * y[row] + 1, 2 * first[row], 2 * last[row]);
    }
    // The left border bulges to the left; the right one is its mirror image.
    drawBorder(left, ends.y, ends.left, 1);
    drawBorder(right, ends.y, ends.right, -1);
    let count = 0;
    let [atLeft, atRight] = [1, 1];
    for (let row = 2 * y[from]; row <= 2 * y[to - 1]; row += 2) {
      while (left.y[atLeft] < row) atLeft++;
      while (right.y[atRight] < row) atRight++;
      const firstInside = Math.ceil(borderAt(left, atLeft, row) / 2);
      const lastInside = Math.floor(-borderAt(right, atRight, row) / 2);
      count += lastInside - firstInside + 1;
    }
    return count;
  };
}

interface Ends {
  readonly y: number[];
  readonly left: number[];
  readonly right: number[];
}

function add(ends: Ends, y: number, left: number, right: number): void {
  const last = ends.y.length - 1;
  if (last >= 0 && ends.y[last] === y) {
    ends.left[last] = Math.min(ends.left[last], left);
    ends.right[last] = Math.max(ends.right[last], right);
    return;
  }
  ends.y.push(y);
  ends.left.push(left);
  ends.right.push(right);
}

/** Corners from top to bottom. */
interface Border {
  readonly y: number[];
  readonly x: number[];
}

/** The corners of the convex border that has all points at or right of it. @param side - -1 mirrors the points. */
function drawBorder({ y, x }: Border, pointY: readonly number[], pointX: readonly number[], side: 1 | -1): void {
  y.length = x.length = 0;
  for (let point = 0; point < pointY.length; point++) {
    const [nextY, nextX] = [pointY[point], side * pointX[point]];
    for (let last = y.length - 1; last > 0; last--) {
      // The middle one stays if it lies left of the line between its neighbours.
      const [y1, x1] = [y[last - 1], x[last - 1]];
      if ((x[last] - x1) * (nextY - y1) < (nextX - x1) * (y[last] - y1)) break;
      y.pop();
      x.pop();
    }
    y.push(nextY);
    x.push(nextX);
  }
}

/** The border's x at a height between two corners; rounded so that whole numbers are exact. */
function borderAt({ y, x }: Border, below: number, atY: number): number {
  const [y1, y2] = [y[below - 1], y[below]];
  return (x[below - 1] * (y2 - atY) + x[below] * (atY - y1)) / (y2 - y1);
}
