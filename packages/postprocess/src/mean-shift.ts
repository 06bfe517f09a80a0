import { ShapeError } from '@pffnet/structures';

/** Points of a space, one after the other. */
export interface Points {
  /** Numbers per point. */
  readonly dimensions: number;
  /** [points * dimensions]. */
  readonly data: Float32Array;
}

/** Steps after which a shift ends, wherever it has come to. */
const MOST_STEPS = 300;

/**
 * Moves a place to the mean of the points within `bandwidth` of it, again and again, until it moves by no more than a
 * thousandth of the bandwidth (mean-shift with a flat kernel, as scikit-learn's).
 * @param start - where to begin; a place with no point within reach is its own mode.
 * @param among - which points count; all by default.
 * @returns the mode.
 */
export function shiftToMode(
  { dimensions, data }: Points,
  start: ArrayLike<number>,
  bandwidth: number,
  among: ArrayLike<number> = Array.from({ length: data.length / dimensions }, (_, point) => point),
): Float64Array {
  const mode = Float64Array.from(start);
  const total = new Float64Array(dimensions);
  for (let step = 0; step < MOST_STEPS; step++) {
    total.fill(0);
    let within = 0;
    for (let index = 0; index < among.length; index++) {
      const at = among[index] * dimensions;
      if (!isWithin(data, at, mode, bandwidth)) continue;
      within++;
      for (let axis = 0; axis < dimensions; axis++) total[axis] += data[at + axis];
    }
    if (within === 0) return mode;
    let moved = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      const mean = total[axis] / within;
      moved += (mean - mode[axis]) ** 2;
      mode[axis] = mean;
    }
    if (Math.sqrt(moved) <= 1e-3 * bandwidth) return mode;
  }
  return mode;
}

/**
 * Parts points into clusters, one after the other: from the first point that is in none, shifts to a mode of the points that
 * are in none, and takes those of them within `bandwidth` of it.
 * @returns per point its cluster, 1, 2, … in the order of their first points.
 * @throws ShapeError if `dimensions` does not divide the length of `data`, or `bandwidth` is not above 0.
 * @remarks Source: De Brabandere et al. 2017; sources.md row 47.
 */
export function meanShiftClusters(points: Points, bandwidth: number): Uint32Array {
  const { dimensions, data } = points;
  if (data.length % dimensions !== 0 || !(bandwidth > 0)) {
    throw new ShapeError(
      `meanShiftClusters: expected whole points of ${dimensions} numbers and a bandwidth above 0, got ${data.length} numbers and ${bandwidth}`,
    );
  }
  const clusters = new Uint32Array(data.length / dimensions);
  let free = Uint32Array.from(clusters, (_, point) => point);
  for (let cluster = 1; free.length > 0; cluster++) {
    const [first] = free;
    const start = data.subarray(first * dimensions, (first + 1) * dimensions);
    const mode = shiftToMode(points, start, bandwidth, free);
    // The mode may have left the point that it began from.
    clusters[first] = cluster;
    for (const point of free) if (isWithin(data, point * dimensions, mode, bandwidth)) clusters[point] = cluster;
    free = free.filter((point) => clusters[point] === 0);
  }
  return clusters;
}

/** Whether a point lies within a distance of a place. */
function isWithin(data: Float32Array, at: number, place: Float64Array, distance: number): boolean {
  const most = distance * distance;
  let squares = 0;
  for (let axis = 0; axis < place.length; axis++) {
    const difference = data[at + axis] - place[axis];
    squares += difference * difference;
    if (squares > most) return false;
  }
  return true;
}
