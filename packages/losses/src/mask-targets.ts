import { type Boxes, type LabelMap, ShapeError } from '@pffnet/structures';

/** Boxes, and which object each of them should outline. */
export interface MaskTargetInputs {
  readonly labels: LabelMap;
  /** [n] id of each box's object; an id that is not in the map is an object without pixels. */
  readonly ids: ArrayLike<number>;
  /** [n * 4] (y1, x1, y2, x2) in image pixels. */
  readonly boxes: Boxes;
  /** Rows and columns of a target: 28 in the paper. */
  readonly side: number;
}

/** What a mask head should predict, and how much of each object its box lets it see. */
export interface MaskTargets {
  /** [n * side * side] 1 in cells of the object, 0 elsewhere. */
  readonly targets: Float32Array;
  /** [n] part of the object's pixels whose centres lie in the box, 0..1; 0 for an object without pixels. */
  readonly inBoxFraction: Float32Array;
}

/**
 * Draws each object on the grid of its box: a cell is 1 where the object's binary mask, read bilinearly at the cell's
 * centre, reaches 0.5. Pixel i has its centre at i + 0.5; the border pixels reach to the image's edge, and cells
 * outside the image are 0.
 * @throws ShapeError if there is not one id per box.
 * @remarks Source: He et al. 2017, Section 3; sources.md rows P8, P14. The reference draws polygons; label maps give the
 * same targets up to cells on the outline.
 */
export function maskTargets({ labels, ids, boxes, side }: MaskTargetInputs): MaskTargets {
  const count = ids.length;
  if (boxes.length !== count * 4) {
    throw new ShapeError(`maskTargets: expected ${count} x 4 box edges, got ${boxes.length}`);
  }
  const targets = new Float32Array(count * side * side);
  const inBoxFraction = new Float32Array(count);
  const areas = areasOf(labels, ids);
  for (let index = 0; index < count; index++) {
    const box = boxes.subarray(index * 4, index * 4 + 4);
    const area = areas.get(ids[index]) ?? 0;
    if (area === 0) continue;
    drawTarget(labels, ids[index], box, side, targets.subarray(index * side * side, (index + 1) * side * side));
    inBoxFraction[index] = pixelsInBox(labels, ids[index], box) / area;
  }
  return { targets, inBoxFraction };
}

/** Where one cell's centre falls between two pixels of a row or column. */
interface Sample {
  readonly inside: boolean;
  readonly low: number;
  readonly high: number;
  /** Weight of `high`. */
  readonly fraction: number;
}

function samplesAlong(from: number, to: number, side: number, pixels: number): Sample[] {
  return Array.from({ length: side }, (_, cell) => {
    const at = from + ((cell + 0.5) / side) * (to - from);
    const low = Math.floor(at - 0.5);
    return {
      inside: at >= 0 && at <= pixels,
      low: Math.max(low, 0),
      high: Math.min(low + 1, pixels - 1),
      fraction: at - 0.5 - low,
    };
  });
}

function drawTarget(
  { height, width, data }: LabelMap,
  id: number,
  box: Boxes,
  side: number,
  target: Float32Array,
): void {
  const rows = samplesAlong(box[0], box[2], side, height);
  const columns = samplesAlong(box[1], box[3], side, width);
  const is = (y: number, x: number): number => (data[y * width + x] === id ? 1 : 0);
  rows.forEach((row, i) => {
    if (!row.inside) return;
    columns.forEach((column, j) => {
      if (!column.inside) return;
      const above = is(row.low, column.low) * (1 - column.fraction) + is(row.low, column.high) * column.fraction;
      const below = is(row.high, column.low) * (1 - column.fraction) + is(row.high, column.high) * column.fraction;
      if (above * (1 - row.fraction) + below * row.fraction >= 0.5) target[i * side + j] = 1;
    });
  });
}

function pixelsInBox({ height, width, data }: LabelMap, id: number, [y1, x1, y2, x2]: Boxes): number {
  const first = (edge: number): number => Math.max(0, Math.ceil(edge - 0.5));
  const end = (edge: number, pixels: number): number => Math.min(pixels, Math.ceil(edge - 0.5));
  let count = 0;
  for (let y = first(y1); y < end(y2, height); y++) {
    for (let x = first(x1); x < end(x2, width); x++) if (data[y * width + x] === id) count++;
  }
  return count;
}

/** Pixels of each of the objects asked for; background is none. */
function areasOf({ data }: LabelMap, ids: ArrayLike<number>): Map<number, number> {
  const areas = new Map(Array.from(ids, (id) => [id, 0]));
  areas.delete(0);
  let start = 0;
  for (let pixel = 1; pixel <= data.length; pixel++) {
    if (pixel < data.length && data[pixel] === data[start]) continue;
    const area = areas.get(data[start]);
    if (area !== undefined) areas.set(data[start], area + pixel - start);
    start = pixel;
  }
  return areas;
}
