import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boxesFromXyxy, golden } from './testing/index.ts';
import { type BoxWeights, clipBoxes, decodeBoxes, encodeBoxes } from './box-codec.ts';
import type { Boxes, Geometry } from './boxes.ts';
import { ShapeError } from './errors.ts';

const plainWeights: BoxWeights = [1, 1, 1, 1];
const roiWeights: BoxWeights = [10, 10, 5, 5];
const geometries: Geometry[] = ['continuous', 'legacy'];

/** Boxes of 1 to 200 pixels in an image of about 500. */
const someBoxes = (count: number): fc.Arbitrary<Boxes> =>
  fc
    .array(
      fc.tuple(
        fc.float({ min: 0, max: 500, noNaN: true }),
        fc.float({ min: 0, max: 500, noNaN: true }),
        fc.float({ min: 1, max: 200, noNaN: true }),
        fc.float({ min: 1, max: 200, noNaN: true }),
      ),
      { minLength: count, maxLength: count },
    )
    .map((boxes) => Float32Array.from(boxes.flatMap(([y, x, height, width]) => [y, x, y + height, x + width])));

describe('encodeBoxes', () => {
  test('gives the shift of the centre and the log ratio of sizes', () => {
    // Anchor: centre (10, 20), 20 x 40. Target: centre (15, 10), 40 x 10.
    const anchor = Float32Array.of(0, 0, 20, 40);
    const target = Float32Array.of(-5, 5, 35, 15);
    const deltas = encodeBoxes(anchor, target, roiWeights, 'continuous');
    const expected = [(10 * 5) / 20, (10 * -10) / 40, 5 * Math.log(2), 5 * Math.log(1 / 4)];
    expect(deltas).toBeAllClose(expected, { atol: 1e-6, rtol: 0 });
    // In legacy geometry the same boxes are one pixel longer on each axis, and their centres half a pixel further.
    const legacy = encodeBoxes(Float32Array.of(0, 0, 19, 39), Float32Array.of(-5, 5, 34, 14), roiWeights, 'legacy');
    expect(legacy).toBeAllClose(expected, { atol: 1e-6, rtol: 0 });
  });

  test.each([
    ['encode_w1111', plainWeights],
    ['encode_w10_10_5_5', roiWeights],
  ])('matches the reference, %s', (name, weights) => {
    const { plain } = golden('box_coder');
    const [anchors, targets] = [boxesFromXyxy(plain('proposals')), boxesFromXyxy(plain('gt'))];
    const expected = plain(name);
    expect(encodeBoxes(anchors, targets, weights, 'legacy')).toBeAllClose(boxesFromXyxy(expected), expected);
  });

  test('gives zeros, never NaN, where a box is empty', () => {
    const anchors = Float32Array.of(0, 0, 0, 10, 0, 0, 10, 10);
    const targets = Float32Array.of(0, 0, 10, 10, 8, 8, 2, 2);
    expect(encodeBoxes(anchors, targets, plainWeights, 'continuous')).toEqual(new Float32Array(8));
    expect(encodeBoxes(new Float32Array(0), new Float32Array(0), plainWeights, 'legacy')).toEqual(new Float32Array(0));
  });

  test('names the counts that differ', () => {
    const run = (): unknown => encodeBoxes(new Float32Array(8), new Float32Array(4), plainWeights, 'continuous');
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('encodeBoxes: expected targets [2 * 4], got [4]');
  });
});

describe('decodeBoxes', () => {
  test.each(geometries)('is the inverse of encodeBoxes, %s', (geometry) => {
    fc.assert(
      fc.property(someBoxes(3), someBoxes(3), (anchors, targets) => {
        const deltas = encodeBoxes(anchors, targets, roiWeights, geometry);
        // A target more than 62.5 times the anchor is cut by design.
        fc.pre(deltas.every((delta, at) => at % 4 < 2 || delta / 5 < Math.log(1000 / 16)));
        const decoded = decodeBoxes(anchors, deltas, roiWeights, geometry);
        expect(decoded).toBeAllClose(targets, { atol: 2e-2, rtol: 0 });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test.each([
    ['w1111', plainWeights],
    ['w10_10_5_5', roiWeights],
  ])('matches the reference for one and for two classes, %s', (suffix, weights) => {
    const { plain } = golden('box_coder');
    const anchors = boxesFromXyxy(plain('proposals'));
    const one = plain(`decode4_${suffix}`);
    const decoded = decodeBoxes(anchors, boxesFromXyxy(plain('deltas4')), weights, 'legacy');
    expect(decoded).toBeAllClose(boxesFromXyxy(one), one);
    // [n, 2 * 4] rows are two boxes each, both relative to the same anchor.
    const two = plain(`decode8_${suffix}`);
    const twice = Float32Array.from({ length: anchors.length * 2 }, (_, at) => anchors[4 * (at >> 3) + (at % 4)]);
    const both = decodeBoxes(twice, boxesFromXyxy(plain('deltas8')), weights, 'legacy');
    expect(both).toBeAllClose(boxesFromXyxy(two), two);
  });

  test('cuts the growth at 1000 / 16', () => {
    const decoded = decodeBoxes(
      Float32Array.of(-8, -8, 8, 8),
      Float32Array.of(0, 0, 99, 99),
      plainWeights,
      'continuous',
    );
    expect(decoded).toBeAllClose([-500, -500, 500, 500], { atol: 1e-3, rtol: 0 });
  });

  test('names the counts that differ', () => {
    expect(() => decodeBoxes(new Float32Array(4), new Float32Array(8), plainWeights, 'legacy')).toThrow(
      'decodeBoxes: expected deltas [1 * 4], got [8]',
    );
  });
});

describe('clipBoxes', () => {
  test('cuts at the edges of the image, or at the last pixel in legacy geometry', () => {
    const boxes = Float32Array.of(-3, 2, 50, 70, 90, -20, 95, -10);
    const size = { height: 40, width: 60 };
    expect([...clipBoxes(boxes, size, 'continuous')]).toEqual([0, 2, 40, 60, 40, 0, 40, 0]);
    expect([...clipBoxes(boxes, size, 'legacy')]).toEqual([0, 2, 39, 59, 39, 0, 39, 0]);
  });

  test('matches the reference', () => {
    const { plain } = golden('box_coder');
    const decoded = plain('decode8_w10_10_5_5');
    const foreground = Float32Array.from({ length: 24 * 4 }, (_, at) => decoded.data[8 * (at >> 2) + 4 + (at % 4)]);
    const clipped = clipBoxes(
      boxesFromXyxy({ shape: [24, 4], data: foreground }),
      { height: 200, width: 300 },
      'legacy',
    );
    const expected = plain('decode8_fg_clipped_w300_h200');
    expect(clipped).toBeAllClose(boxesFromXyxy(expected), expected);
  });
});
