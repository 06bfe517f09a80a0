import { boxesOfLabels, type LabelMap, objectIds } from '@pffnet/structures';

/** The pixels of one object and of its surroundings, as places in the label map. */
export interface ObjectRegion {
  readonly inside: Uint32Array;
  /** Pixels of the background and of other objects within a distance of the object. */
  readonly halo: Uint32Array;
}

/**
 * Where each object lies, and what surrounds it.
 * @param radius - how far a halo reaches: the largest distance between centres of its pixels and of the object's.
 * @returns one region per object, in ascending order of ids.
 */
export function objectRegions(labels: LabelMap, radius: number): ObjectRegion[] {
  const boxes = boxesOfLabels(labels);
  return objectIds(labels).map((id, index) => regionOf(labels, id, boxes.subarray(index * 4, index * 4 + 4), radius));
}

function regionOf({ height, width, data }: LabelMap, id: number, box: Float32Array, radius: number): ObjectRegion {
  const reach = Math.floor(radius);
  const [y1, x1] = [Math.max(0, box[0] - reach), Math.max(0, box[1] - reach)];
  const [y2, x2] = [Math.min(height, box[2] + reach), Math.min(width, box[3] + reach)];
  const columns = x2 - x1;
  const near = new Uint8Array((y2 - y1) * columns);
  // A disc around every pixel, row by row.
  const halfWidths = Array.from({ length: reach + 1 }, (_, dy) => Math.floor(Math.sqrt(radius * radius - dy * dy)));
  const inside: number[] = [];
  for (let y = box[0]; y < box[2]; y++) {
    for (let x = box[1]; x < box[3]; x++) {
      if (data[y * width + x] !== id) continue;
      inside.push(y * width + x);
      if (isSurrounded(data, width, height, y, x)) continue;
      for (let row = Math.max(y1, y - reach); row < Math.min(y2, y + reach + 1); row++) {
        const half = halfWidths[Math.abs(row - y)];
        const start = (row - y1) * columns - x1;
        near.fill(1, start + Math.max(x1, x - half), start + Math.min(x2, x + half + 1));
      }
    }
  }
  const halo: number[] = [];
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      const pixel = y * width + x;
      if (near[(y - y1) * columns + x - x1] === 1 && data[pixel] !== id) halo.push(pixel);
    }
  }
  return { inside: Uint32Array.from(inside), halo: Uint32Array.from(halo) };
}

/** Whether the four neighbours of a pixel are of its object, so that no pixel outside is nearest to it. */
function isSurrounded(data: Uint32Array, width: number, height: number, y: number, x: number): boolean {
  const pixel = y * width + x;
  return (
    (y === 0 || data[pixel - width] === data[pixel]) &&
    (y === height - 1 || data[pixel + width] === data[pixel]) &&
    (x === 0 || data[pixel - 1] === data[pixel]) &&
    (x === width - 1 || data[pixel + 1] === data[pixel])
  );
}
