import { DataError, type Polygon } from '@pffnet/structures';
import type { LabelDrawing } from '../annotations/label-drawing.ts';
import { polygonRuns } from '../polygons/polygon-runs.ts';

/**
 * Draws every pixel whose middle lies in a polygon: inside an odd number of its rings, so that holes stay
 * as they were. The inverse of tracing along pixel edges: outlines of an object give back its pixels. What lies outside
 * the map is cut off.
 * @throws DataError if a corner is no number, or the rings are many times longer than a map of this size can hold.
 */
export function drawPolygon(drawing: LabelDrawing, polygon: Polygon, where: string): void {
  const { height, width } = drawing.labels;
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
  polygonRuns(rings, drawing.labels, 'even-odd', (y, from, to) => drawing.run(y * width + from, to - from, 1));
}
