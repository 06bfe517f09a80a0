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

/** Where the centres of cells fall between two pixels of a row or column. */
interface Samples {
  /** The first cell whose centre lies in the image, and the cell after the last. */
  readonly first: number;
  readonly end: number;
  /** [side] the pixels before and after each centre, and the weight of the second. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly fraction: Float64Array;
}

function samplesAlong(from: number, to: number, side: number, pixels: number): Samples {
  const [low, high, fraction] = [new Int32Array(side), new Int32Array(side), new Float64Array(side)];
  let [first, end] = [side, 0];
  for (let cell = 0; cell < side; cell++) {
    const at = from + ((cell + 0.5) / side) * (to - from);
    const before = Math.floor(at - 0.5);
    low[cell] = Math.max(before, 0);
    high[cell] = Math.min(before + 1, pixels - 1);
    fraction[cell] = at - 0.5 - before;
    if (!(at >= 0 && at <= pixels)) continue;
    first = Math.min(first, cell);
    end = cell + 1;
  }
  return { first, end, low, high, fraction };
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
  for (let i = rows.first; i < rows.end; i++) {
    const [upper, lower] = [rows.low[i] * width, rows.high[i] * width];
    const down = rows.fraction[i];
    for (let j = columns.first; j < columns.end; j++) {
      const [left, right] = [columns.low[j], columns.high[j]];
      const across = columns.fraction[j];
      const above = (data[upper + left] === id ? 1 - across : 0) + (data[upper + right] === id ? across : 0);
      const below = (data[lower + left] === id ? 1 - across : 0) + (data[lower + right] === id ? across : 0);
      if (above * (1 - down) + below * down >= 0.5) target[i * side + j] = 1;
    }
  }
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
