import { type LabelMap, objectIds, ShapeError } from '@pffnet/structures';

/** Geometry of one object, and its intensities where an image was given. Lengths and areas are in pixels. */
export interface ObjectMeasurement {
  /** Its id in the label map. */
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  /** Crofton's formula over four directions, see {@link measureObjects}. */
  readonly perimeter: number;
  /** Centre of mass, in image pixels: a pixel's middle is at its number plus 0.5. */
  readonly centroid: readonly [y: number, x: number];
  /** Tight box: the last row is y2 - 1. */
  readonly box: readonly [y1: number, x1: number, y2: number, x2: number];
  /** Length of the longer axis of the ellipse with the same second moments. */
  readonly majorAxis: number;
  readonly minorAxis: number;
  /** Of that ellipse, 0 (circle) to 1 (line). */
  readonly eccentricity: number;
  /** Angle between the rows' direction (downwards) and the major axis, counter-clockwise, -pi/2 to pi/2. */
  readonly orientation: number;
  /** Area divided by the pixels whose middles lie in the convex hull, 0 to 1. */
  readonly solidity: number;
  /** Per channel; empty without an image. */
  readonly intensities: readonly Intensity[];
}

/** Values of one channel within an object. */
export interface Intensity {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** An image of any number of channels: [height * width * channels]. */
export interface ChannelImage {
  readonly height: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

/**
 * Measures every object of a label map; pieces and holes count as they are.
 *
 * - Perimeter: (pi / 4) (h + v + (d + e) / sqrt 2), where h, v, d, e count how often lines along rows, columns and both
 *   diagonals enter the object (Cauchy-Crofton formula; scikit-image's `perimeter_crofton` with 4 directions). Other
 *   objects are outside like background; so is what lies beyond the image.
 * - Axes: 4 times the square roots of the eigenvalues of the covariance of pixel middles, without a term for the pixels'
 *   own extent; eccentricity sqrt(1 - (minor / major)^2); orientation and solidity likewise as in scikit-image's
 *   `regionprops`. A single pixel has axes of length 0.
 * @param image - of the same height and width; `RgbImage` has three channels.
 * @returns measurements in ascending order of ids.
 * @throws ShapeError if the image has another size.
 */
export function measureObjects(labels: LabelMap, image?: ChannelImage): ObjectMeasurement[] {
  const { height, width, data } = labels;
  const channels = image === undefined ? 0 : channelsOf(labels, image);
  const tallies = new Map<number, Tally>();
  let tally: Tally | undefined;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const id = data[pixel];
      if (id === 0) continue;
      if (tally?.id !== id) {
        tally = tallies.get(id) ?? newTally(id, y, x, channels);
        tallies.set(id, tally);
      }
      addPixel(tally, y, x);
      tally.entries += entriesInto(labels, id, y, x, pixel);
      for (let channel = 0; channel < channels; channel++) {
        addIntensity(tally.intensities[channel], image?.data[pixel * channels + channel] ?? 0);
      }
    }
  }
  return objectIds(labels).flatMap((id) => {
    const found = tallies.get(id);
    return found === undefined ? [] : [measurementOf(found)];
  });
}

/**
 * A measurement as numbers by name, for tables and GeoJSON.
 * @param channels - names of the image's channels; numbers from 1 on by default.
 * @returns `area`, `perimeter`, `y`, `x` (centroid), `y1`, `x1`, `y2`, `x2` (box), `majorAxis`, `minorAxis`,
 * `eccentricity`, `orientation`, `solidity`, and per channel `mean <channel>`, `min <channel>`, `max <channel>`.
 */
export function measurementColumns(
  { area, perimeter, centroid, box, intensities, ...shape }: ObjectMeasurement,
  channels: readonly string[] = intensities.map((_, index) => String(index + 1)),
): Record<string, number> {
  const { majorAxis, minorAxis, eccentricity, orientation, solidity } = shape;
  const [y, x] = centroid;
  const [y1, x1, y2, x2] = box;
  const columns = { area, perimeter, y, x, y1, x1, y2, x2, majorAxis, minorAxis, eccentricity, orientation, solidity };
  const perChannel = intensities.flatMap(({ mean, min, max }, index) => [
    [`mean ${channels[index]}`, mean],
    [`min ${channels[index]}`, min],
    [`max ${channels[index]}`, max],
  ]);
  return { ...columns, ...(Object.fromEntries(perChannel) as Record<string, number>) };
}

/** What is added up over an object's pixels; places are relative to its first pixel, so that sums stay small and exact. */
interface Tally {
  readonly id: number;
  readonly y0: number;
  readonly x0: number;
  area: number;
  sumY: number;
  sumX: number;
  sumYY: number;
  sumXX: number;
  sumXY: number;
  /** h + v + (d + e) / sqrt 2. */
  entries: number;
  /** First and last column of each row from y0 on; NaN in rows between pieces. */
  readonly rows: [first: number, last: number][];
  readonly intensities: { sum: number; min: number; max: number }[];
}

function newTally(id: number, y0: number, x0: number, channels: number): Tally {
  const intensities = Array.from({ length: channels }, () => ({ sum: 0, min: Infinity, max: -Infinity }));
  return { id, y0, x0, area: 0, sumY: 0, sumX: 0, sumYY: 0, sumXX: 0, sumXY: 0, entries: 0, rows: [], intensities };
}

function channelsOf({ height, width }: LabelMap, image: ChannelImage): number {
  const channels = image.data.length / (height * width);
  if (image.height === height && image.width === width && Number.isInteger(channels)) return channels;
  throw new ShapeError(
    `measureObjects: expected an image of ${height} x ${width} pixels, got ${image.height} x ${image.width} with ${image.data.length} values`,
  );
}

function addPixel(tally: Tally, y: number, x: number): void {
  const dy = y - tally.y0;
  const dx = x - tally.x0;
  tally.area++;
  tally.sumY += dy;
  tally.sumX += dx;
  tally.sumYY += dy * dy;
  tally.sumXX += dx * dx;
  tally.sumXY += dx * dy;
  while (tally.rows.length <= dy) tally.rows.push([NaN, NaN]);
  const row = tally.rows[dy];
  if (Number.isNaN(row[0])) row[0] = x;
  row[1] = x;
}

/** Whether lines from the left, from above and along both diagonals enter the object here, weighted. */
function entriesInto({ width, data }: LabelMap, id: number, y: number, x: number, pixel: number): number {
  const above = pixel - width;
  let entries = 0;
  if (x === 0 || data[pixel - 1] !== id) entries += 1;
  if (y === 0 || data[above] !== id) entries += 1;
  if (y === 0 || x === 0 || data[above - 1] !== id) entries += Math.SQRT1_2;
  if (y === 0 || x === width - 1 || data[above + 1] !== id) entries += Math.SQRT1_2;
  return entries;
}

function addIntensity(intensity: Tally['intensities'][number], value: number): void {
  intensity.sum += value;
  if (value < intensity.min) intensity.min = value;
  if (value > intensity.max) intensity.max = value;
}

function measurementOf(tally: Tally): ObjectMeasurement {
  const { id, y0, x0, area, rows } = tally;
  const [meanY, meanX] = [tally.sumY / area, tally.sumX / area];
  const varianceY = tally.sumYY / area - meanY * meanY;
  const varianceX = tally.sumXX / area - meanX * meanX;
  const covariance = tally.sumXY / area - meanX * meanY;
  const middle = (varianceY + varianceX) / 2;
  const spread = Math.hypot((varianceY - varianceX) / 2, covariance);
  const [major, minor] = [middle + spread, Math.max(0, middle - spread)];
  const columns = rows.filter(([first]) => !Number.isNaN(first));
  return {
    id,
    area,
    perimeter: (Math.PI / 4) * tally.entries,
    centroid: [y0 + meanY + 0.5, x0 + meanX + 0.5],
    box: [
      y0,
      columns.reduce((least, [first]) => Math.min(least, first), Infinity),
      y0 + rows.length,
      columns.reduce((greatest, [, last]) => Math.max(greatest, last), 0) + 1,
    ],
    majorAxis: 4 * Math.sqrt(major),
    minorAxis: 4 * Math.sqrt(minor),
    eccentricity: major > 0 ? Math.sqrt(1 - minor / major) : 0,
    orientation: 0.5 * Math.atan2(2 * covariance, varianceY - varianceX),
    solidity: area / hullPixels(rows),
    intensities: tally.intensities.map(({ sum, min, max }) => ({ mean: sum / area, min, max })),
  };
}

/**
 * How many pixel middles lie in the convex hull of an object or on its border. Each pixel counts with the middles of its
 * four sides. Coordinates are doubled, so that they are whole numbers and the answer is exact.
 */
function hullPixels(rows: Tally['rows']): number {
  // Ends of each half row, from top to bottom: only they can be corners of the hull.
  const ends: (readonly [y: number, left: number, right: number])[] = [];
  const add = (y: number, left: number, right: number): void => {
    const last = ends[ends.length - 1];
    if (last?.[0] === y) ends[ends.length - 1] = [y, Math.min(last[1], left), Math.max(last[2], right)];
    else ends.push([y, left, right]);
  };
  rows.forEach(([first, last], row) => {
    if (Number.isNaN(first)) return;
    add(2 * row - 1, 2 * first, 2 * last);
    add(2 * row, 2 * first - 1, 2 * last + 1);
    add(2 * row + 1, 2 * first, 2 * last);
  });
  // The left border bulges to the left; the right one is its mirror image.
  const left = chain(ends.map(([y, x]) => [y, x]));
  const right = chain(ends.map(([y, , x]) => [y, -x]));
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    const first = Math.ceil(borderAt(left, 2 * row) / 2);
    const last = Math.floor(-borderAt(right, 2 * row) / 2);
    count += last - first + 1;
  }
  return count;
}

type Corner = readonly [y: number, x: number];

/** The corners of the convex border that has all points at or right of it, from top to bottom. */
function chain(points: readonly Corner[]): Corner[] {
  const corners: Corner[] = [];
  for (const point of points) {
    while (corners.length > 1) {
      const [[y1, x1], [y2, x2]] = [corners[corners.length - 2], corners[corners.length - 1]];
      // The middle one stays if it lies left of the line between its neighbours.
      if ((x2 - x1) * (point[0] - y1) < (point[1] - x1) * (y2 - y1)) break;
      corners.pop();
    }
    corners.push(point);
  }
  return corners;
}

/** The border's x at a height; rounded so that whole numbers are exact. */
function borderAt(corners: readonly Corner[], y: number): number {
  let below = 1;
  while (corners[below][0] < y) below++;
  const [[y1, x1], [y2, x2]] = [corners[below - 1], corners[below]];
  return (x1 * (y2 - y) + x2 * (y - y1)) / (y2 - y1);
}
