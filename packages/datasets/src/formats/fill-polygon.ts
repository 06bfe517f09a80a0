import { DataError, type LabelMap, type Polygon } from '@pffnet/structures';
import { polygonRuns } from '../polygons/polygon-runs.ts';

/**
 * Writes an id into every pixel whose middle lies in a polygon: inside an odd number of its rings, so that holes stay
 * as they were. The inverse of tracing along pixel edges: outlines of an object give back its pixels. What lies outside
 * the map is cut off.
 * @throws DataError if a corner is no number, or the rings are many times longer than a map of this size can hold.
 */
export function fillPolygon(labels: LabelMap, polygon: Polygon, id: number, where: string): void {
  const { height, width, data } = labels;
  // A line around every single pixel crosses four rows per pixel.
  let left = 4 * (height * width + height + width) + 2 ** 16;
  for (const ring of polygon) {
    let before = ring[ring.length - 1];
    for (const corner of ring) {
      const [x, y] = corner;
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        throw new DataError(`${where} has a corner at (${x}, ${y}); expected two numbers; export it again`);
      }
      left -= Math.min(Math.abs(y - before[1]), height) + 1;
      before = corner;
    }
  }
  if (left < 0) {
    throw new DataError(
      `${where} has an outline far longer than an image of ${height} x ${width} holds; check its image`,
    );
  }
  const rings = polygon.map((ring) => ring.flat());
  polygonRuns(rings, labels, 'even-odd', (y, from, to) => data.fill(id, y * width + from, y * width + to));
}
