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
  const iou = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) writeIou(a, row, b, geometry, iou.subarray(row * columns, (row + 1) * columns));
  return iou;
}

/** Writes one row of {@link pairwiseIou}, [m], that of box `index` of `a`, for whoever needs one at a time. */
export function writeIou(a: Boxes, index: number, b: Boxes, geometry: Geometry, iou: Float32Array): void {
  const pixel = geometry === 'legacy' ? 1 : 0;
  const area = boxArea(a, index, geometry);
  const [y1, x1, y2, x2] = a.subarray(index * 4, index * 4 + 4);
  for (let at = 0, out = 0; at < b.length; at += 4, out++) {
    iou[out] = 0;
    const height = Math.min(y2, b[at + 2]) - Math.max(y1, b[at]) + pixel;
    if (!(height > 0)) continue;
    const width = Math.min(x2, b[at + 3]) - Math.max(x1, b[at + 1]) + pixel;
    if (!(width > 0)) continue;
    const shared = height * width;
    const other = (b[at + 2] - b[at] + pixel) * (b[at + 3] - b[at + 1] + pixel);
    iou[out] = shared / (area + other - shared);
  }
}
