import type { LabelMap, RankedIds } from '@pffnet/structures';

/** Sums over the pixels of every object, by its place in ascending order of ids. */
export interface ObjectSums {
  readonly areas: Uint32Array;
  /** The pixel that comes first in reading order. */
  readonly firstY: Int32Array;
  readonly firstX: Int32Array;
  /** [objects, MOMENTS] y, x, y y, x x, x y, counted from the first pixel, so that sums stay small and exact. */
  readonly moments: Float64Array;
  /** How often lines along rows, columns and both diagonals enter the object: h + v + (d + e) / sqrt 2. */
  readonly entries: Float64Array;
  /** Rows in which it has pixels. */
  readonly rowCounts: Uint32Array;
}

/** Moments of an object in {@link ObjectSums}. */
export const MOMENTS = 5;

/** Calls `visit` for every run of pixels of one object in a row, in reading order. */
function eachRun(
  { height, width }: LabelMap,
  { data, rank }: RankedIds,
  visit: (object: number, y: number, first: number, last: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const number = data[row + x];
      if (number === 0) continue;
      const first = x;
      while (x + 1 < width && data[row + x + 1] === number) x++;
      visit(rank[number] - 1, y, first, x);
    }
  }
}

/** Adds up what {@link ObjectSums} holds, in one pass. */
export function sumObjects(labels: LabelMap, ranked: RankedIds): ObjectSums {
  const count = ranked.ids.length;
  const areas = new Uint32Array(count);
  const [firstY, firstX, lastRow] = [new Int32Array(count), new Int32Array(count), new Int32Array(count).fill(-1)];
  const moments = new Float64Array(count * MOMENTS);
  const entries = new Float64Array(count);
  const rowCounts = new Uint32Array(count);
  eachRun(labels, ranked, (object, y, first, last) => {
    if (areas[object] === 0) [firstY[object], firstX[object]] = [y, first];
    const dy = y - firstY[object];
    const length = last - first + 1;
    let [sumX, sumXX] = [0, 0];
    for (let dx = first - firstX[object]; dx <= last - firstX[object]; dx++) {
      sumX += dx;
      sumXX += dx * dx;
    }
    areas[object] += length;
    const at = object * MOMENTS;
    moments[at] += dy * length;
    moments[at + 1] += sumX;
    moments[at + 2] += dy * dy * length;
    moments[at + 3] += sumXX;
    moments[at + 4] += dy * sumX;
    entries[object] += entriesInto(labels, y, first, last);
    if (lastRow[object] !== y) rowCounts[object]++;
    lastRow[object] = y;
  });
  return { areas, firstY, firstX, moments, entries, rowCounts };
}

/** How often lines from the left, from above and along both diagonals enter an object in a run of its pixels, weighted. */
function entriesInto({ width, data }: LabelMap, y: number, first: number, last: number): number {
  const row = y * width;
  if (y === 0) return 1 + (last - first + 1) * (1 + Math.SQRT2);
  const id = data[row + first];
  const above = row - width;
  let [straight, diagonal] = [1, 0];
  for (let x = first; x <= last; x++) {
    if (data[above + x] !== id) straight++;
    if (x === 0 || data[above + x - 1] !== id) diagonal++;
    if (x === width - 1 || data[above + x + 1] !== id) diagonal++;
  }
  return straight + diagonal * Math.SQRT1_2;
}

/** The rows of every object from top to bottom: entries `starts[object]` to `starts[object + 1]`. */
export interface ObjectRows {
  readonly starts: Uint32Array;
  readonly y: Int32Array;
  /** First and last column. */
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Lists the rows of every object. @param rowCounts - how many each has. */
export function objectRows(labels: LabelMap, ranked: RankedIds, rowCounts: Uint32Array): ObjectRows {
  const starts = new Uint32Array(rowCounts.length + 1);
  for (let object = 0; object < rowCounts.length; object++) starts[object + 1] = starts[object] + rowCounts[object];
  const next = starts.slice();
  const rowCount = starts[rowCounts.length];
  const y = new Int32Array(rowCount).fill(-1);
  const [first, last] = [new Int32Array(rowCount), new Int32Array(rowCount)];
  eachRun(labels, ranked, (object, atY, from, to) => {
    const current = next[object] - 1;
    if (current >= starts[object] && y[current] === atY) {
      last[current] = to;
      return;
    }
    const row = next[object]++;
    y[row] = atY;
    first[row] = from;
    last[row] = to;
  });
  return { starts, y, first, last };
}
