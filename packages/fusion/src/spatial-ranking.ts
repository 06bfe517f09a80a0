import {
  add,
  clipByValue,
  div,
  mul,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor1D,
  type Tensor4D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import {
  assertShape,
  type Conv2d,
  conv2d,
  initialLogitsKernel,
  type InitialOutputs,
  kaimingUniform,
  type ParamScope,
  pasteWindows,
  roiAlignDirect,
  stopGradient,
} from '@pffnet/tensor-ops';
import { type Boxes, type Geometry, ShapeError, type Size } from '@pffnet/structures';
import * as z from 'zod';
import { P2_STRIDE, placeOnP2 } from './map-windows.ts';
import { maxOverRois, sumOverRois } from './over-rois.ts';

/** The options of {@link SpatialRanking}. */
export const spatialRankingSchema = z
  .strictObject({
    kind: z.literal('spatial-ranking'),
    // sources.md row 51
    kernel: z
      .int()
      .min(1)
      .refine((cells) => cells % 2 === 1, { error: 'expected an odd number of cells' })
      .default(7)
      .describe('length of both kernels, 1 x kernel and kernel x 1, in cells of P2; odd'),
    channels: z.int().min(1).default(16).describe('channels between both'),
    paint: z
      .enum(['union', 'count'])
      .default('union')
      .describe('what is painted where masks overlap: their largest probability, or the sum of them'),
    detachMask: z
      .boolean()
      .default(true)
      .describe('whether the gradient stops at the masks, so that the order alone is learned'),
    weight: z.number().min(0).default(0.25).describe('weight of its loss'),
  })
  .describe('scores of pixels read from the painted masks; detections are painted in the order of their mean (OANet)');

/** Masks, and the boxes that they fill. */
export interface RankingInputs {
  /** [n, s, s, 1] foreground probability; n may be 0. */
  readonly masks: Tensor4D;
  /** [n * 4] image pixels. */
  readonly boxes: Boxes;
  /** Rows and columns of P2. */
  readonly size: Size;
}

/**
 * Learns in which order instances cover each other. All masks are painted into one map, and a separable large kernel reads
 * it: logits = conv[k x 1](conv[1 x k](map)). The rank of an instance is the mean foreground probability of these logits
 * over its mask: rank_i = sum(p m_i) / sum(m_i), read at the mask's own cells.
 *
 * Parameters: `across` (1 x k) and `down` (k x 1).
 * @remarks Source: Liu et al. 2019 (OANet), spatial ranking module, for one class of things; sources.md row 51.
 */
export class SpatialRanking {
  readonly #options: Omit<z.infer<typeof spatialRankingSchema>, 'weight'>;
  readonly #geometry: Geometry;
  readonly #logits: Conv2d;

  constructor(
    scope: ParamScope,
    options: Omit<z.infer<typeof spatialRankingSchema>, 'weight'>,
    { geometry, initialOutputs = 'published' }: { geometry: Geometry; initialOutputs?: InitialOutputs },
  ) {
    const { kernel, channels } = options;
    const across = conv2d(scope.child('across'), { kernel: [1, kernel], inChannels: 1, outChannels: channels });
    const init = initialLogitsKernel(initialOutputs, kaimingUniform);
    const down = conv2d(scope.child('down'), { kernel: [kernel, 1], inChannels: channels, outChannels: 2, init });
    this.#options = options;
    this.#geometry = geometry;
    this.#logits = (map) => down(across(map));
  }

  /**
   * Says of every cell of P2 whether it is foreground, knowing nothing but masks.
   * @returns [1, h, w, 2] logits, background first.
   * @throws ShapeError if there are not as many boxes as masks.
   */
  predict(inputs: RankingInputs): Tensor4D {
    checkInputs('predict', inputs);
    return tidy(() => this.#logits(this.#paint(inputs)));
  }

  /**
   * The place of each instance in the order of painting, the first highest.
   * @returns [n] 0..1, not differentiable; 0 for an instance without a mask.
   * @throws ShapeError if there are not as many boxes as masks.
   */
  rank(inputs: RankingInputs): Tensor1D {
    checkInputs('rank', inputs);
    const { masks, boxes } = inputs;
    const [count, side] = masks.shape;
    return tidy(() => {
      const logits = this.predict(inputs);
      const [, height, width] = logits.shape;
      const part = (channel: number): Tensor4D => slice(logits, [0, 0, 0, channel], [1, height, width, 1]);
      const scores: Tensor4D = sigmoid(sub(part(1), part(0)));
      const spec = { side, strides: [P2_STRIDE], geometry: this.#geometry };
      const read = roiAlignDirect([scores], boxes, new Int32Array(count), spec); // [n, s, s, 1]
      const perMask = (values: Tensor4D): Tensor1D => sum(reshape(values, [count, side * side]), 1);
      const means = div(perMask(mul(read, masks)), add(perMask(masks), 1e-6));
      return clipByValue(means, 0, 1) as Tensor1D;
    });
  }

  #paint({ masks, boxes, size }: RankingInputs): Tensor4D {
    if (masks.shape[0] === 0) return zeros([1, size.height, size.width, 1]);
    const { paint, detachMask } = this.#options;
    const placement = placeOnP2(boxes, size, this.#geometry);
    const overRois = paint === 'union' ? maxOverRois : sumOverRois;
    return overRois(detachMask ? stopGradient(masks) : masks, placement, (some, windows) =>
      pasteWindows(some, windows, size),
    );
  }
}

function checkInputs(caller: string, { masks, boxes }: RankingInputs): void {
  assertShape(caller, 'masks', masks, ['n', 's', 's', 1]);
  const [count] = masks.shape;
  if (boxes.length === count * 4) return;
  throw new ShapeError(`${caller}: expected boxes [${count * 4}] for ${count} masks, got [${boxes.length}]`);
}
