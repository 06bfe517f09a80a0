import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/tensor-ops/testing';
import fc from 'fast-check';
import { maskTargets } from './mask-targets.ts';

describe('maskTargets', () => {
  // Two objects of two pixels each, side by side:   1 1 2 2
  const labels = labelMap(1, 4, [1, 1, 2, 2]);

  test.each([
    ['the whole object', 1, [0, 0, 1, 2], [1, 1], 1],
    ['half of it', 1, [0, 1, 1, 3], [1, 0], 0.5],
    ['its neighbour', 1, [0, 2, 1, 4], [0, 0], 0],
    ['more than the object, and more than the image', 2, [0, 1.8, 1, 5.8], [1, 0], 1],
    ['an id that is not there', 7, [0, 0, 1, 4], [0, 0], 0],
    ['background', 0, [0, 0, 1, 4], [0, 0], 0],
  ])('draws a box over %s', (_, id, [y1, x1, y2, x2], row, fraction) => {
    const drawn = maskTargets({ labels, ids: [id], boxes: Float32Array.of(y1, x1, y2, x2), side: 2 });
    expect([...drawn.targets]).toEqual([...row, ...row]);
    expect([...drawn.inBoxFraction]).toEqual([fraction]);
  });

  test('gives back the pixels of an object under a grid of its own resolution', () => {
    const image = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 36, maxLength: 36 });
    fc.assert(
      fc.property(image, fc.integer({ min: 1, max: 3 }), (ids, id) => {
        const { targets, inBoxFraction } = maskTargets({
          labels: labelMap(6, 6, ids),
          ids: [id],
          boxes: Float32Array.of(0, 0, 6, 6),
          side: 6,
        });
        expect([...targets]).toEqual(ids.map((at) => (at === id ? 1 : 0)));
        expect(inBoxFraction[0]).toBe(ids.includes(id) ? 1 : 0);
      }),
    );
  });

  test('matches the reference up to cells on the outline', () => {
    const { plain, config } = golden('mask_targets_polygon');
    // Drawn eight times finer than the image, so that the drawing is exact enough.
    const scale = 8;
    const [width, height] = (config.image_wh as number[]).map((pixels) => pixels * scale);
    const boxes = boxesFromXyxy(plain('proposals')).map((edge) => edge * scale);
    const ofPolygon = plain('gt_index').data;
    const expected = plain('targets').data;
    const fractions = plain('mask_ratio');
    for (let polygon = 0; polygon < 6; polygon++) {
      const corners = plain(`poly${polygon}`).data;
      const labels = labelMap(height, width, fillPolygon(corners, scale, height, width));
      for (let index = 0; index < ofPolygon.length; index++) {
        if (ofPolygon[index] !== polygon) continue;
        const box = boxes.slice(index * 4, index * 4 + 4);
        const { targets, inBoxFraction } = maskTargets({ labels, ids: [1], boxes: box, side: 28 });
        const different = targets.filter((value, cell) => value !== expected[index * 784 + cell]).length;
        expect(different / 784).toBeLessThanOrEqual(0.03);
        expect(inBoxFraction).toBeAllClose([fractions.data[index]], fractions);
      }
    }
  });

  test('is empty without boxes', () => {
    const { targets, inBoxFraction } = maskTargets({ labels, ids: [], boxes: new Float32Array(0), side: 28 });
    expect([targets.length, inBoxFraction.length]).toEqual([0, 0]);
  });

  test('draws nothing in a box without area', () => {
    const { inBoxFraction } = maskTargets({ labels, ids: [1], boxes: Float32Array.of(0, 1, 0, 1), side: 2 });
    expect([...inBoxFraction]).toEqual([0]);
  });

  test('refuses ids and boxes that do not pair', () => {
    expect(() => maskTargets({ labels, ids: [1, 2], boxes: new Float32Array(4), side: 2 })).toThrow(
      'maskTargets: expected 2 x 4 box edges, got 4',
    );
  });
});

/** 1 in every pixel whose centre is inside a polygon of (x, y) corners, by the even-odd rule. */
function fillPolygon(corners: ArrayLike<number>, scale: number, height: number, width: number): Uint8Array {
  const inside = new Uint8Array(height * width);
  const count = corners.length / 2;
  for (let row = 0; row < height; row++) {
    const y = (row + 0.5) / scale;
    const crossings: number[] = [];
    for (let from = 0; from < count; from++) {
      const to = (from + 1) % count;
      const [x1, y1, x2, y2] = [corners[from * 2], corners[from * 2 + 1], corners[to * 2], corners[to * 2 + 1]];
      if (y1 <= y !== y2 <= y) crossings.push((x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) * scale);
    }
    crossings.sort((a, b) => a - b);
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      for (let x = Math.ceil(crossings[at] - 0.5); x + 0.5 < crossings[at + 1]; x++) inside[row * width + x] = 1;
    }
  }
  return inside;
}
