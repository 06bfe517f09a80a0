import { type LabelMap, type RankedIds, rankIds, ShapeError } from '@pffnet/structures';
import { hullCounter, type HullCounter } from './hull-counter.ts';
import { MOMENTS, objectRows, type ObjectRows, type ObjectSums, sumObjects } from './object-sums.ts';

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
  const channels = image === undefined ? 0 : channelsOf(labels, image);
  const ranked = rankIds(labels);
  const sums = sumObjects(labels, ranked);
  const rows = objectRows(labels, ranked, sums.rowCounts);
  const intensities = image === undefined ? undefined : sumIntensities(ranked, image.data, channels);
  const hullPixels = hullCounter();
  return Array.from(ranked.ids, (id, object) => {
    const shape = shapeOf(object, sums, rows, hullPixels);
    return { id, ...shape, intensities: intensities?.(object, shape.area) ?? [] };
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

function channelsOf({ height, width }: LabelMap, image: ChannelImage): number {
  const channels = image.data.length / (height * width);
  if (image.height === height && image.width === width && Number.isInteger(channels)) return channels;
  throw new ShapeError(
    `measureObjects: expected an image of ${height} x ${width} pixels, got ${image.height} x ${image.width} with ${image.data.length} values`,
  );
}

type Shape = Omit<ObjectMeasurement, 'id' | 'intensities'>;

function shapeOf(object: number, sums: ObjectSums, rows: ObjectRows, hullPixels: HullCounter): Shape {
  const { areas, firstY, firstX, moments, entries } = sums;
  const [area, y0, x0] = [areas[object], firstY[object], firstX[object]];
  const moment = (index: number): number => moments[object * MOMENTS + index] / area;
  const [meanY, meanX] = [moment(0), moment(1)];
  const varianceY = moment(2) - meanY * meanY;
  const varianceX = moment(3) - meanX * meanX;
  const covariance = moment(4) - meanX * meanY;
  const middle = (varianceY + varianceX) / 2;
  const spread = Math.hypot((varianceY - varianceX) / 2, covariance);
  const [major, minor] = [middle + spread, Math.max(0, middle - spread)];
  const [from, to] = [rows.starts[object], rows.starts[object + 1]];
  let [x1, x2] = [Infinity, 0];
  for (let row = from; row < to; row++) {
    if (rows.first[row] < x1) x1 = rows.first[row];
    if (rows.last[row] >= x2) x2 = rows.last[row] + 1;
  }
  return {
    area,
    perimeter: (Math.PI / 4) * entries[object],
    centroid: [y0 + meanY + 0.5, x0 + meanX + 0.5],
    box: [y0, x1, rows.y[to - 1] + 1, x2],
    majorAxis: 4 * Math.sqrt(major),
    minorAxis: 4 * Math.sqrt(minor),
    eccentricity: major > 0 ? Math.sqrt(1 - minor / major) : 0,
    orientation: 0.5 * Math.atan2(2 * covariance, varianceY - varianceX),
    solidity: area / hullPixels(rows, from, to),
  };
}

/** Adds up the values of each object. @returns what describes the object of an index, whose area is known. */
function sumIntensities(
  { ids, data, rank }: RankedIds,
  values: ArrayLike<number>,
  channels: number,
): (object: number, area: number) => Intensity[] {
  const sum = new Float64Array(ids.length * channels);
  const min = new Float64Array(sum.length).fill(Infinity);
  const max = new Float64Array(sum.length).fill(-Infinity);
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0) continue;
    const object = rank[data[pixel]] - 1;
    for (let channel = 0; channel < channels; channel++) {
      const value = values[pixel * channels + channel];
      const at = object * channels + channel;
      sum[at] += value;
      if (value < min[at]) min[at] = value;
      if (value > max[at]) max[at] = value;
    }
  }
  return (object, area) =>
    Array.from({ length: channels }, (_, channel) => {
      const at = object * channels + channel;
      return { mean: sum[at] / area, min: min[at], max: max[at] };
    });
}
