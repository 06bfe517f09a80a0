import {
  add,
  concat,
  matMul,
  mul,
  relu,
  reshape,
  sub,
  type Tensor2D,
  tensor2d,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { assertShape, foregroundLogits, interpolationRows, pasteWindows } from '@pffnet/tensor-ops';
import { type Boxes, type Geometry, ShapeError } from '@pffnet/structures';
import * as z from 'zod';
import { placeOnP2 } from './map-windows.ts';
import type { Placement } from './placement.ts';

/** The options of the panoptic head, which has no parameters. */
export const panopticSchema = z
  .strictObject({
    kind: z.literal('panoptic'),
    // sources.md row 53
    keep: z
      .number()
      .min(0)
      .max(1)
      .default(0.7)
      .describe('share of the true objects that are offered in a step; the pixels of the others are void'),
    weight: z.number().min(0).default(0.1).describe('weight of its loss'),
  })
  .describe('every pixel goes to stuff, to one of the instances, or to void, without parameters (UPSNet)');

/** A semantic prediction and instances on the cells of P2. */
export interface PanopticInputs {
  /** [1, h, w, 2] semantic logits, background first. */
  readonly semantic: Tensor4D;
  /** [n, s, s, 2] mask logits, background first; n may be 0. */
  readonly maskLogits: Tensor4D;
  /** [n * 4] where the masks belong, in image pixels. */
  readonly boxes: Boxes;
  readonly geometry: Geometry;
}

/**
 * Whose each cell is: stuff s, instance i, or void. With the semantic logits s and t (stuff and thing), and the mask logits
 * m_i stretched over box i, both 0 outside the box: instance i has t [in box i] + m_i, void has t - max_i(t [in box i]).
 * @returns [n + 2, h * w] logits: stuff, the n instances, void. Differentiable in `semantic` and `maskLogits`.
 * @throws ShapeError if there are not as many boxes as masks.
 * @remarks Source: Xiong et al. 2019 (UPSNet), Section 3.2, for one class of things; sources.md row 53.
 */
export function panopticLogits({ semantic, maskLogits, boxes, geometry }: PanopticInputs): Tensor2D {
  assertShape('panopticLogits', 'semantic', semantic, [1, 'h', 'w', 2]);
  const [, height, width] = semantic.shape;
  const [count] = maskLogits.shape;
  if (boxes.length !== count * 4) {
    throw new ShapeError(`panopticLogits: expected boxes [${count * 4}] for ${count} masks, got [${boxes.length}]`);
  }
  const cells = height * width;
  return tidy(() => {
    const classes: Tensor2D = reshape(semantic, [cells, 2]);
    const channel = (weights: number[]): Tensor2D => reshape(matMul(classes, tensor2d(weights, [2, 1])), [1, cells]);
    const [stuff, thing] = [channel([1, 0]), channel([0, 1])];
    if (count === 0) return concat([stuff, thing], 0) as Tensor2D;
    const size = { height, width };
    const placement = placeOnP2(boxes, size, geometry);
    const inside = insideBoxes(placement); // [n, h * w]
    const masks = pasteWindows(foregroundLogits(maskLogits), placement.windows, size);
    const instances = add(mul(tensor2d(inside, [count, cells]), thing), reshape(masks, [count, cells]));
    const { some, all } = coverage(inside, cells);
    // The largest of t in the boxes that hold a cell and 0 in those that do not.
    const largest = add(mul(thing, all), mul(relu(thing), sub(some, all)));
    return concat([stuff, instances, sub(thing, largest)], 0) as Tensor2D;
  });
}

/** [n * h * w] 1 where a window holds a cell's centre. */
function insideBoxes({ windows, canvas: { height, width } }: Placement): Float32Array {
  const inside = new Float32Array(windows.length * height * width);
  windows.forEach((window, index) => {
    const rows = interpolationRows(window.y0, window.height, 1, height); // 1 inside, 0 outside
    const columns = interpolationRows(window.x0, window.width, 1, width);
    rows.forEach((row, y) => {
      if (row > 0) inside.set(columns, (index * height + y) * width);
    });
  });
  return inside;
}

/** [1, h * w] 1 where some window holds a cell, and where all do. */
function coverage(inside: Float32Array, cells: number): { some: Tensor2D; all: Tensor2D } {
  const count = inside.length / cells;
  const covering = new Float32Array(cells);
  inside.forEach((value, at) => (covering[at % cells] += value));
  const where = (test: (windows: number) => boolean): Tensor2D =>
    tensor2d(
      covering.map((windows) => (test(windows) ? 1 : 0)),
      [1, cells],
    );
  return { some: where((windows) => windows > 0), all: where((windows) => windows === count) };
}
