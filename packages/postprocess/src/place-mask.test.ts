import { describe, expect, test } from '@jest/globals';
import type { Detections } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/structures/testing';
import fc from 'fast-check';
import { maskPlacer, type Placement } from './place-mask.ts';

type Size = { height: number; width: number };

const oneMask = (box: number[], mask: number[]): Detections => ({
  count: 1,
  boxes: Float32Array.from(box),
  classScores: Float32Array.of(1),
  qualities: null,
  maskSide: Math.sqrt(mask.length),
  masks: Float32Array.from(mask),
});

/** A placed mask as a picture of the whole image. */
function picture(detections: Detections, size: Size, placement: Placement, index = 0): number[] {
  const { y, x, height, width, bits } = maskPlacer(detections, size, placement)(index);
  const pixels = new Array<number>(size.height * size.width).fill(0);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) pixels[(y + i) * size.width + x + j] = bits[i * width + j];
  }
  return pixels;
}

const continuous: Placement = { maskThreshold: 0.5, geometry: 'continuous' };

describe('maskPlacer', () => {
  test('reads the mask at the centres of pixels', () => {
    // Two by two cells over two by two pixels: each pixel is one cell.
    expect(picture(oneMask([1, 1, 3, 3], [1, 0.4, 0, 0.6]), { height: 4, width: 4 }, continuous)).toEqual(
      [
        [0, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 0],
      ].flat(),
    );
  });

  test.each(['continuous', 'legacy'] as const)('fills a one-pixel box when its mask is full, %s', (geometry) => {
    const edge = geometry === 'continuous' ? 1 : 0;
    const detections = oneMask([2, 1, 2 + edge, 1 + edge], new Array(28 * 28).fill(1));
    const pixels = picture(detections, { height: 4, width: 4 }, { maskThreshold: 0.5, geometry });
    expect(pixels.flatMap((bit, pixel) => (bit === 1 ? [pixel] : []))).toEqual([9]);
  });

  test('equals bilinear reading of a mask with zeros around it, at every pixel', () => {
    const edge = fc.integer({ min: -40, max: 120 }).map((eighth) => eighth / 8);
    const extent = fc.integer({ min: 1, max: 100 }).map((eighth) => eighth / 8);
    const probabilities = fc.array(fc.constantFrom(0, 0.25, 0.6, 1), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(edge, edge, extent, extent, probabilities, (y1, x1, h, w, mask) => {
        const size = { height: 9, width: 11 };
        const cell = (i: number, j: number): number => (i < 0 || j < 0 || i > 2 || j > 2 ? 0 : mask[i * 3 + j]);
        const probability = (y: number, x: number): number => {
          const [v, u] = [((y + 0.5 - y1) / h) * 3 - 0.5, ((x + 0.5 - x1) / w) * 3 - 0.5];
          const [i, j] = [Math.floor(v), Math.floor(u)];
          const across = (row: number): number => cell(row, j) * (j + 1 - u) + cell(row, j + 1) * (u - j);
          return across(i) * (i + 1 - v) + across(i + 1) * (v - i);
        };
        const placed = picture(oneMask([y1, x1, y1 + h, x1 + w], mask), size, continuous);
        placed.forEach((bit, pixel) => {
          const expected = probability(Math.floor(pixel / size.width), pixel % size.width);
          if (Math.abs(expected - 0.5) > 1e-6) expect(bit).toBe(expected > 0.5 ? 1 : 0);
        });
      }),
    );
  });

  test('matches the reference pixel for pixel in legacy geometry', () => {
    const { plain } = golden('postprocess');
    const [count, height, width] = plain('pasted').shape;
    const detections = {
      ...oneMask([], []),
      count,
      boxes: boxesFromXyxy(plain('boxes')),
      maskSide: 28,
      masks: Float32Array.from(plain('mask_prob').data),
    };
    const expected = plain('pasted').data;
    const windows = boxesFromXyxy(plain('expanded_boxes_int'));
    const legacy: Placement = { maskThreshold: 0.5, geometry: 'legacy' };
    for (let index = 0; index < count; index++) {
      const window = maskPlacer(detections, { height, width }, legacy)(index);
      const [y1, x1, y2, x2] = windows.subarray(index * 4, index * 4 + 4);
      expect([window.y, window.x]).toEqual([Math.max(0, y1), Math.max(0, x1)]);
      expect([window.height, window.width]).toEqual([
        Math.min(y2 + 1, height) - window.y,
        Math.min(x2 + 1, width) - window.x,
      ]);
      expect(picture(detections, { height, width }, legacy, index)).toEqual([
        ...expected.slice(index * height * width, (index + 1) * height * width),
      ]);
    }
  });

  test.each([
    ['outside the image', [-9, -9, -5, -5]],
    ['without area', [2, 2, 2, 3]],
    ['turned inside out', [3, 3, 1, 1]],
    ['that is not a number', [NaN, 0, 1, 1]],
    ['without an end', [0, 0, Infinity, 2]],
  ])('places nothing for a box %s', (_, box) => {
    const pixels = picture(oneMask(box, [1, 1, 1, 1]), { height: 4, width: 4 }, continuous);
    expect(pixels.every((bit) => bit === 0)).toBe(true);
  });
});
