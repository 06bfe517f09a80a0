import { DataError, type LabelMap, type Ring } from '@pffnet/tensor-ops/structures';

/**
 * Writes an id into every pixel whose middle lies in a polygon: inside an odd number of its rings, so that holes stay
 * as they were. The inverse of tracing along pixel edges: outlines of an object give back its pixels.
 * @param polygon - an outer ring and holes, in any direction; rings that are not closed are taken as closed. What lies
 * outside the map is cut off.
 * @returns how many pixels were written.
 * @throws DataError if a corner is no number, or the rings are many times longer than a map of this size can hold.
 */
export function fillPolygon(labels: LabelMap, polygon: readonly Readonly<Ring>[], id: number, where: string): number {
  const { height, width, data } = labels;
  const [top, bottom] = rowsOf(polygon, height, where);
  if (top >= bottom) return 0;
  const toggles = new Uint8Array((bottom - top) * (width + 1));
  // A line around every single pixel crosses four rows per pixel.
  let left = 4 * (height * width + height + width) + 2 ** 16;
  for (const ring of polygon) {
    for (let index = 0; index < ring.length; index++) {
      const [x1, y1] = ring[index];
      const [x2, y2] = ring[(index + 1) % ring.length];
      const [first, last] = [middlesFrom(Math.min(y1, y2), height), middlesFrom(Math.max(y1, y2), height)];
      left -= last - first + 1;
      if (left < 0) {
        throw new DataError(
          `${where} has an outline far longer than an image of ${height} x ${width} holds; check its image`,
        );
      }
      for (let y = first; y < last; y++) {
        const x = x1 + ((y + 0.5 - y1) / (y2 - y1)) * (x2 - x1);
        toggles[(y - top) * (width + 1) + middlesFrom(x, width)] ^= 1;
      }
    }
  }
  let written = 0;
  for (let y = top; y < bottom; y++) {
    let inside = 0;
    for (let x = 0, at = (y - top) * (width + 1); x < width; x++, at++) {
      inside ^= toggles[at];
      if (inside === 0) continue;
      data[y * width + x] = id;
      written++;
    }
  }
  return written;
}

/** The number of the first pixel whose middle is at or after a coordinate, cut to 0..length. */
function middlesFrom(coordinate: number, length: number): number {
  return Math.min(Math.max(Math.ceil(coordinate - 0.5), 0), length);
}

function rowsOf(polygon: readonly Readonly<Ring>[], height: number, where: string): [top: number, bottom: number] {
  let [top, bottom] = [Infinity, -Infinity];
  for (const ring of polygon) {
    for (const [x, y] of ring) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        throw new DataError(`${where} has a corner at (${x}, ${y}); expected two numbers; export it again`);
      }
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [middlesFrom(top, height), middlesFrom(bottom, height)];
}
