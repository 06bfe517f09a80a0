import type { Size } from '@pffnet/structures';

/** A closed outline: x, y, x, y, …, in pixels; the last point is joined to the first. */
export type Ring = ArrayLike<number>;

/**
 * What is inside where outlines cross themselves or each other.
 * - `nonzero`: everything they go round. For freehand outlines: where the pen overran its start, the overlap stays inside.
 * - `even-odd`: what lies behind an odd number of outlines. For rings that are holes in others, whichever way they turn.
 */
export type InsideRule = 'nonzero' | 'even-odd';

interface Edge {
  readonly topY: number;
  readonly bottomY: number;
  readonly topX: number;
  /** Columns per row. */
  readonly slope: number;
  /** 1 downwards, -1 upwards. */
  readonly turn: number;
}

/**
 * The pixels of a polygon, as runs of columns.
 *
 * Coordinates are continuous, pixel (row y, column x) covers [y, y + 1) x [x, x + 1) and belongs to the polygon if its
 * centre (y + 0.5, x + 0.5) lies inside. A centre exactly on an outline belongs to the polygon to its right or below, so
 * that polygons with a common border share no pixel and leave none out. What lies outside the image is cut off.
 * @param visit - called with a row and the first and last-but-one column of each run, rows ascending, columns ascending.
 */
export function polygonRuns(
  rings: readonly Ring[],
  { height, width }: Size,
  rule: InsideRule,
  visit: (y: number, fromX: number, toX: number) => void,
): void {
  const edges = edgesOf(rings);
  if (edges.length === 0) return;
  const bottom = edges.reduce((lowest, { bottomY }) => Math.max(lowest, bottomY), -Infinity);
  const lastRow = Math.min(height, firstCentreFrom(bottom));
  let active: Edge[] = [];
  let next = 0;
  for (let y = Math.max(0, firstCentreFrom(edges[0].topY)); y < lastRow; y++) {
    const centre = y + 0.5;
    active = active.filter(({ bottomY }) => bottomY > centre);
    for (; next < edges.length && edges[next].topY <= centre; next++) {
      if (edges[next].bottomY > centre) active.push(edges[next]);
    }
    const crossings = active
      .map(({ topX, topY, slope, turn }) => ({ x: topX + (centre - topY) * slope, turn }))
      .sort((a, b) => a.x - b.x);
    let winding = 0;
    for (let index = 0; index + 1 < crossings.length; index++) {
      winding += rule === 'nonzero' ? crossings[index].turn : 1;
      if (rule === 'nonzero' ? winding === 0 : winding % 2 === 0) continue;
      const from = Math.max(0, firstCentreFrom(crossings[index].x));
      const to = Math.min(width, firstCentreFrom(crossings[index + 1].x));
      if (from < to) visit(y, from, to);
    }
  }
}

/** The first pixel whose centre is not left of (above) this coordinate. */
function firstCentreFrom(coordinate: number): number {
  return Math.ceil(coordinate - 0.5);
}

/** Edges from top to bottom, sorted by their upper end; level ones cross no row. */
function edgesOf(rings: readonly Ring[]): Edge[] {
  const edges: Edge[] = [];
  for (const ring of rings) {
    for (let at = 0; at + 1 < ring.length; at += 2) {
      const [x1, y1] = [ring[at], ring[at + 1]];
      const after = at + 3 < ring.length ? at + 2 : 0;
      const [x2, y2] = [ring[after], ring[after + 1]];
      if (y1 === y2) continue;
      const slope = (x2 - x1) / (y2 - y1);
      edges.push(
        y1 < y2
          ? { topY: y1, bottomY: y2, topX: x1, slope, turn: 1 }
          : { topY: y2, bottomY: y1, topX: x2, slope, turn: -1 },
      );
    }
  }
  return edges.sort((a, b) => a.topY - b.topY);
}
