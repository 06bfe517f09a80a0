import { describe, expect, test } from '@jest/globals';
import {
  add,
  grad,
  image,
  mul,
  ones,
  onesLike,
  pad4d,
  prod,
  type Rank,
  sigmoid,
  slice,
  split,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { type Geometry, ShapeError } from '@pffnet/structures';
import { boxesFromXyxy, golden, gradientError, newTensors, nhwc, randomTensor } from '../testing/index.ts';
import { boxWindows, pasteMasks, pasteWindows } from './paste-masks.ts';

const exact = { atol: 1e-6, rtol: 0 };
/** One mask:  1 2
 *             3 4 */
const square = tensor([1, 2, 3, 4], [1, 2, 2, 1]) as Tensor4D;

describe('pasteMasks', () => {
  test('puts a mask over its box and zeros around it', () => {
    const size = { height: 3, width: 4 };
    const expected = [0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0];
    expect(pasteMasks(square, Float32Array.of(1, 1, 3, 3), size, 'continuous')).toBeAllClose(expected, exact);
    expect(pasteMasks(square, Float32Array.of(1, 1, 2, 2), size, 'legacy')).toBeAllClose(expected, exact);
    // Legacy coordinates are truncated towards zero.
    expect(pasteMasks(square, Float32Array.of(1.9, 1.2, 2.9, 2), size, 'legacy')).toBeAllClose(expected, exact);
  });

  test('cuts a box at the border, and stretches to a box between pixels', () => {
    const size = { height: 2, width: 2 };
    expect(pasteMasks(square, Float32Array.of(-1, 1, 1, 3), size, 'continuous')).toBeAllClose([0, 3, 0, 0], exact);
    // Rows 0.5 to 1.5 are half a pixel off: centres 0.5 and 1.5 lie at its ends, and the end is not inside.
    const between = pasteMasks(square, Float32Array.of(0.5, 0, 1.5, 2), size, 'continuous');
    expect(between).toBeAllClose([1, 2, 0, 0], exact);
  });

  test('gives each mask an image of its own', () => {
    const masks = tensor([1, 2], [2, 1, 1, 1]) as Tensor4D;
    const pasted = pasteMasks(masks, Float32Array.of(0, 0, 1, 1, 0, 0, 1, 2), { height: 1, width: 2 }, 'continuous');
    expect(pasted.shape).toEqual([2, 1, 2, 1]);
    expect(pasted).toBeAllClose([1, 0, 2, 2], exact);
  });

  test('is a half-pixel resize when the box is the image', () => {
    const masks = randomTensor<Rank.R4>([1, 5, 5, 3], 'mask');
    const pasted = pasteMasks(masks, Float32Array.of(0, 0, 12, 17), { height: 12, width: 17 }, 'continuous');
    expect(pasted).toBeAllClose(image.resizeBilinear(masks, [12, 17], false, true), { atol: 1e-5, rtol: 0 });
  });

  test('keeps a constant mask constant in the box, whatever its edges', () => {
    const masks = ones([1, 4, 4, 1]) as Tensor4D;
    const pasted = pasteMasks(masks, Float32Array.of(0.7, -2.3, 6.2, 3.4), { height: 8, width: 5 }, 'continuous');
    // Centres of rows 1 to 5 and of columns 0 to 2 are inside.
    const expected = Array.from({ length: 40 }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / 5), pixel % 5];
      return row >= 1 && row <= 5 && column <= 2 ? 1 : 0;
    });
    expect(pasted).toBeAllClose(expected, exact);
  });

  test.each(['raff_square', 'raff_nonsquare', 'raff_nonsquare_rect_image'])(
    'matches the reference when every RoI multiplies the map, %s',
    (name) => {
      const { plain } = golden(name);
      const features = nhwc(plain('F0')) as Tensor4D;
      const [, height, width] = features.shape;
      const masks = sigmoid(nhwc(plain('mask_logits'))) as Tensor4D;
      const pasted = pasteMasks(masks, boxesFromXyxy(plain('boxes')), { height, width }, 'legacy');
      const expected = plain('own_residual_sr_fused');
      expect(mul(features, prod(add(pasted, 1), 0, true))).toBeAllClose(nhwc(expected), expected);
    },
  );

  test.each<[Geometry, number]>([
    ['continuous', 2],
    ['legacy', 2],
    ['continuous', 1],
  ])('agrees with finite differences for boxes in, across and beyond the image, %s, channels %i', (geometry, c) => {
    const boxes = Float32Array.of(1, 1, 5, 6, -3, 2.5, 4.2, 3.1, 4.4, 5, 9, 12, 20, 20, 30, 30);
    const run = (masks: Tensor): Tensor => pasteMasks(masks as Tensor4D, boxes, { height: 7, width: 8 }, geometry);
    expect(gradientError(run, [randomTensor([4, 3, 3, c], 'masks')], { entries: 72 })).toBeLessThan(1e-3);
  });

  test('pastes channels each for itself', () => {
    const masks = randomTensor<Rank.R4>([3, 4, 4, 2], 'masks');
    const boxes = Float32Array.of(1, 1, 5, 6, -3, 2.5, 4.2, 3.1, 4.4, 5, 9, 12);
    const size = { height: 7, width: 8 };
    const both = pasteMasks(masks, boxes, size, 'continuous');
    split<Tensor4D>(masks, 2, 3).forEach((channel, index) => {
      const alone = pasteMasks(channel, boxes, size, 'continuous');
      expect(alone).toBeAllClose(slice(both, [0, 0, 0, index], [3, 7, 8, 1]), exact);
    });
  });

  test('passes no masks through, forward and backward', () => {
    const none = tensor([], [0, 2, 2, 1]) as Tensor4D;
    const paste = (masks: Tensor): Tensor4D =>
      pasteMasks(masks as Tensor4D, new Float32Array(0), { height: 3, width: 4 }, 'continuous');
    expect(paste(none).shape).toEqual([0, 3, 4, 1]);
    expect(grad((masks: Tensor) => sum(paste(masks)))(none).shape).toEqual([0, 2, 2, 1]);
  });

  test('gives zeros for an empty box, and one pixel in legacy geometry', () => {
    const size = { height: 2, width: 2 };
    const box = Float32Array.of(1, 1, 1, 1);
    expect(pasteMasks(square, box, size, 'continuous')).toBeAllClose([0, 0, 0, 0], exact);
    // All four cells count equally in the middle of the one pixel.
    expect(pasteMasks(square, box, size, 'legacy')).toBeAllClose([0, 0, 0, 2.5], exact);
  });

  test('leaves one new tensor per call', () => {
    const size = { height: 3, width: 3 };
    expect(newTensors(() => pasteMasks(square, Float32Array.of(0, 0, 2, 2), size, 'continuous'))).toBe(1);
    const none = tensor([], [0, 2, 2, 1]) as Tensor4D;
    expect(newTensors(() => pasteMasks(none, new Float32Array(0), size, 'legacy'))).toBe(1);
  });

  test('names the number of boxes that does not fit', () => {
    const run = (): unknown => pasteMasks(square, new Float32Array(8), { height: 2, width: 2 }, 'continuous');
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('pasteMasks: expected masks [2, s, s, c], got [1, 2, 2, 1]');
  });
});

describe('boxWindows', () => {
  test('gives the box itself, or the pixels that its truncated ends hold', () => {
    const boxes = Float32Array.of(1.5, -2.5, 4.25, 3.5, 8, 8, 2, 2);
    expect(boxWindows(boxes, 'continuous')).toEqual([
      { y0: 1.5, x0: -2.5, height: 2.75, width: 6 },
      { y0: 8, x0: 8, height: -6, width: -6 },
    ]);
    expect(boxWindows(boxes, 'legacy')).toEqual([
      { y0: 1, x0: -2, height: 4, width: 6 },
      { y0: 8, x0: 8, height: 1, width: 1 },
    ]);
  });
});

describe('pasteWindows', () => {
  test('stretches to windows that reach outside', () => {
    const pasted = pasteWindows(square, [{ y0: -2, x0: 0, height: 4, width: 2 }], { height: 3, width: 2 });
    // The lower half of the mask stretched to four rows: 1/4 and 3/4 between its rows, then row 2 held.
    expect(pasted).toBeAllClose([2.5, 3.5, 3, 4, 0, 0], exact);
  });

  test('serves the released rule: resize before the sigmoid, sides swapped, rows cut at the image width', () => {
    const { plain } = golden('raff_stress');
    const [features, logits] = [nhwc(plain('tall_F0')) as Tensor4D, nhwc(plain('tall_mask_logits')) as Tensor4D];
    const [y0, x0, y2, x2] = boxesFromXyxy(plain('tall_box')).map(Math.trunc);
    const swapped = [{ y0, x0, height: x2 - x0 + 1, width: y2 - y0 + 1 }];
    const [, height, width] = features.shape;
    const attention = (rows: number): Tensor => {
      const size = { height: rows, width };
      const inside = pasteWindows(onesLike(logits), swapped, size);
      const pasted = mul(sigmoid(pasteWindows(logits, swapped, size)), inside) as Tensor4D;
      const below = height - rows;
      return pad4d(pasted, [
        [0, 0],
        [0, below],
        [0, 0],
        [0, 0],
      ]);
    };
    const released = plain('tall_released_fused');
    expect(mul(features, add(attention(width), 1))).toBeAllClose(nhwc(released), released);
    const uncut = plain('tall_own_fused');
    expect(mul(features, add(attention(height), 1))).toBeAllClose(nhwc(uncut), uncut);
  });

  test('names the number of windows that does not fit', () => {
    expect(() => pasteWindows(square, [], { height: 2, width: 2 })).toThrow(
      'pasteWindows: expected masks [0, s, s, c], got [1, 2, 2, 1]',
    );
  });
});
