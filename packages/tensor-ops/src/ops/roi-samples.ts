import { boxCount, type Boxes, type Geometry, ShapeError } from '@pffnet/structures';

/** How boxes are read from a pyramid. */
export interface RoiAlignSpec {
  /** Rows and columns of each output; 7 for boxes, 14 for masks. */
  readonly side: number;
  /** Image pixels per cell of each level, the finest first. */
  readonly strides: readonly number[];
  readonly geometry: Geometry;
}

/** Samples per output cell and axis; they are averaged. */
export const SAMPLES = 2;

/** One axis of one level. */
export interface LevelAxis {
  /** 0 for rows, 1 for columns. */
  readonly axis: 0 | 1;
  /** Cells along the axis. */
  readonly length: number;
  /** Image pixels per cell. */
  readonly stride: number;
}

/**
 * Where a box is sampled along one axis.
 * @returns [side * 2] coordinates in cells, 0 = centre of the first cell, each in [0, length - 1]; NaN for a sample that
 * counts as zero: more than one cell before the first centre or after the last edge, or of an empty box.
 * @remarks Source: He et al. 2017, section 3, with the border rule of the released code. Legacy geometry has no
 * half-pixel shift and reads at least one cell (sources.md row 36).
 */
export function samplePositions(
  boxes: Boxes,
  index: number,
  { axis, length, stride }: LevelAxis,
  { side, geometry }: RoiAlignSpec,
): Float64Array {
  const positions = new Float64Array(side * SAMPLES).fill(NaN);
  const at = index * 4 + axis;
  const isLegacy = geometry === 'legacy';
  const start = boxes[at] / stride - (isLegacy ? 0 : 0.5);
  const extent = Math.max((boxes[at + 2] - boxes[at]) / stride, isLegacy ? 1 : 0);
  if (extent === 0) return positions;
  const step = extent / positions.length;
  for (let sample = 0; sample < positions.length; sample++) {
    const position = start + (sample + 0.5) * step;
    if (position >= -1 && position <= length) positions[sample] = Math.min(Math.max(position, 0), length - 1);
  }
  return positions;
}

/**
 * Checks what roiAlign and roiAlignDirect are given.
 * @returns how many boxes there are.
 * @throws ShapeError if counts disagree or a level does not exist.
 */
export function checkRois(
  caller: string,
  levelCount: number,
  boxes: Boxes,
  levelOfBox: Int32Array,
  { strides }: RoiAlignSpec,
): number {
  const count = boxCount(caller, boxes);
  if (strides.length !== levelCount) {
    throw new ShapeError(`${caller}: expected ${levelCount} strides, one per level, got ${strides.length}`);
  }
  if (levelOfBox.length !== count) {
    throw new ShapeError(`${caller}: expected levelOfBox [${count}], got [${levelOfBox.length}]`);
  }
  const unknown = levelOfBox.find((level) => level < 0 || level >= levelCount);
  if (unknown !== undefined) {
    throw new ShapeError(`${caller}: expected levels 0..${levelCount - 1} in levelOfBox, got ${unknown}`);
  }
  return count;
}
