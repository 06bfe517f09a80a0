import { type Boxes, boxCount, type Geometry } from './boxes.ts';

/** @returns the area of box `index` in square pixels; 0 for an empty box. */
export function boxArea(boxes: Boxes, index: number, geometry: Geometry): number {
  const pixel = geometry === 'legacy' ? 1 : 0; // inclusive ends
  const at = index * 4;
  return Math.max(0, boxes[at + 2] - boxes[at] + pixel) * Math.max(0, boxes[at + 3] - boxes[at + 1] + pixel);
}

/**
 * Overlap of every box of `a` with every box of `b`: intersection area over union area.
 * @returns [n * m] row-major, rows of `a`, 0..1; 0 where a box is empty.
 */
export function pairwiseIou(a: Boxes, b: Boxes, geometry: Geometry): Float32Array {
  const rows = boxCount('pairwiseIou', a);
  const columns = boxCount('pairwiseIou', b);
  const pixel = geometry === 'legacy' ? 1 : 0;
  const iou = new Float32Array(rows * columns);
  for (let row = 0, out = 0; row < rows; row++) {
    const area = boxArea(a, row, geometry);
    const [y1, x1, y2, x2] = a.subarray(row * 4, row * 4 + 4);
    for (let at = 0; at < b.length; at += 4, out++) {
      const height = Math.min(y2, b[at + 2]) - Math.max(y1, b[at]) + pixel;
      if (!(height > 0)) continue;
      const width = Math.min(x2, b[at + 3]) - Math.max(x1, b[at + 1]) + pixel;
      if (!(width > 0)) continue;
      const shared = height * width;
      const other = (b[at + 2] - b[at] + pixel) * (b[at + 3] - b[at + 1] + pixel);
      iou[out] = shared / (area + other - shared);
    }
  }
  return iou;
}
