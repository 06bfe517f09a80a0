import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boxesFromXyxy, golden } from './testing/index.ts';
import { pairwiseIou } from './box-iou.ts';
import type { Boxes, Geometry } from './boxes.ts';
import { ShapeError } from './errors.ts';
import { nonMaxSuppression, type SuppressionOptions } from './nms.ts';
import { randomStream } from './random.ts';

/** The definition, pair by pair. */
const everyPair = (boxes: Boxes, scores: Float32Array, options: SuppressionOptions): number[] => {
  const { iouThreshold, geometry, suppressEqual = false, limit = Infinity } = options;
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const kept: number[] = [];
  for (const index of order) {
    const own = boxes.subarray(index * 4, index * 4 + 4);
    const isFree = kept.every((other) => {
      const [iou] = pairwiseIou(own, boxes.subarray(other * 4, other * 4 + 4), geometry);
      const threshold = Math.fround(iouThreshold);
      return suppressEqual ? iou < threshold : iou <= threshold;
    });
    if (isFree && kept.length < limit) kept.push(index);
  }
  return kept;
};

const suppress = (boxes: number[][], scores: number[], iouThreshold: number): number[] =>
  Array.from(
    nonMaxSuppression(Float32Array.from(boxes.flat()), Float32Array.from(scores), {
      iouThreshold,
      geometry: 'continuous',
    }),
  );

describe('nonMaxSuppression', () => {
  // Ten pixels wide each; neighbours share 8 of 12 columns (IoU 2/3), next but one 6 of 14 (3/7).
  const row = [0, 2, 4].map((x) => [0, x, 10, x + 10]);

  test('keeps the best and drops what overlaps a kept box', () => {
    expect(suppress(row, [0.9, 0.8, 0.7], 0.5)).toEqual([0, 2]); // the dropped middle one suppresses nobody
    expect(suppress(row, [0.8, 0.9, 0.7], 0.5)).toEqual([1]);
    expect(suppress(row, [0.7, 0.8, 0.9], 0.4)).toEqual([2]);
    expect(suppress(row, [0.7, 0.8, 0.9], 0.7)).toEqual([2, 1, 0]);
  });

  test('lets the lower index win between equal scores', () => {
    expect(suppress([...row, ...row], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 0.5)).toEqual([0, 2]);
    expect(suppress([row[0], row[2]], [0.5, 0.5], 0.9)).toEqual([0, 1]);
  });

  test('stops at the limit, with the best', () => {
    const boxes = Float32Array.from([0, 20, 40, 60].flatMap((x) => [0, x, 10, x + 10]));
    const scores = Float32Array.of(0.1, 0.4, 0.3, 0.2);
    const options = { iouThreshold: 0.5, geometry: 'continuous', limit: 2 } as const;
    expect([...nonMaxSuppression(boxes, scores, options)]).toEqual([1, 2]);
    expect(nonMaxSuppression(boxes, scores, { ...options, limit: 0 })).toHaveLength(0);
  });

  test.each<[Geometry, boolean]>([
    ['continuous', false],
    ['legacy', false],
    ['continuous', true],
  ])('equals the definition pair by pair, %s, suppressEqual %s', (geometry, suppressEqual) => {
    // Whole numbers make exact ties likely; sizes from one pixel to the image fill several shelves.
    const size = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 100 }));
    const box = fc.tuple(fc.integer({ min: -20, max: 60 }), fc.integer({ min: -20, max: 60 }), size, size);
    const item = fc.record({ box, score: fc.integer({ min: 0, max: 8 }) });
    const threshold = fc.constantFrom(0, 0.05, 0.25, 0.3, 0.5, 0.7, 0.9, 1);
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), threshold, (items, iouThreshold) => {
        const boxes = Float32Array.from(items.flatMap(({ box: [y, x, h, w] }) => [y, x, y + h, x + w]));
        const scores = Float32Array.from(items, ({ score }) => score);
        const options = { iouThreshold, geometry, suppressEqual };
        expect([...nonMaxSuppression(boxes, scores, options)]).toEqual(everyPair(boxes, scores, options));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.each([
    ['keep_0p3', 0.3],
    ['keep_0p35', 0.35],
    ['keep_0p5', 0.5],
    ['keep_0p7', 0.7],
  ])('matches the reference, %s', (name, iouThreshold) => {
    const { plain } = golden('nms');
    const kept = nonMaxSuppression(boxesFromXyxy(plain('boxes')), plain('scores').data as Float32Array, {
      iouThreshold,
      geometry: 'legacy',
    });
    expect(kept.sort()).toEqual(plain(name).data);
  });

  test.each([
    ['keeps', 'tie_keep_0p5_strict', false],
    ['suppresses', 'tie_keep_0p5_cpu', true],
  ])('%s a box exactly at the threshold, as the reference does, %s', (_, name, suppressEqual) => {
    const { plain } = golden('nms');
    const kept = nonMaxSuppression(boxesFromXyxy(plain('tie_boxes')), plain('tie_scores').data as Float32Array, {
      iouThreshold: 0.5,
      geometry: 'legacy',
      suppressEqual,
    });
    expect(kept.sort()).toEqual(plain(name).data);
  });

  test('keeps empty boxes, which overlap nothing, and passes no boxes through', () => {
    expect(suppress([[5, 5, 5, 9], row[0], [5, 5, 5, 9]], [0.9, 0.8, 0.7], 0)).toEqual([0, 1, 2]);
    expect(suppress([], [], 0.5)).toEqual([]);
  });

  test('goes through 30,000 boxes without comparing them all', () => {
    const stream = randomStream(4, 'nms');
    const count = 30_000;
    const boxes = new Float32Array(count * 4);
    for (let at = 0; at < boxes.length; at += 4) {
      const [y, x] = [1000 * stream.uniform(), 1000 * stream.uniform()];
      const side = 8 * 2 ** (5 * stream.uniform());
      boxes.set([y, x, y + side, x + side * (0.5 + stream.uniform())], at);
    }
    const scores = Float32Array.from({ length: count }, () => stream.uniform());
    const started = process.cpuUsage().user;
    const kept = nonMaxSuppression(boxes, scores, { iouThreshold: 0.7, geometry: 'continuous' });
    const seconds = (process.cpuUsage().user - started) / 1e6;
    expect(kept.length).toBeGreaterThan(20_000);
    // It takes 0.15 s of processor time, the 300 million pairs of kept boxes take several seconds.
    expect(seconds).toBeLessThan(1.5);
  });

  test('names the counts that differ', () => {
    const run = (): unknown =>
      nonMaxSuppression(new Float32Array(8), new Float32Array(3), { iouThreshold: 0.5, geometry: 'legacy' });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('nonMaxSuppression: expected scores [2], got [3]');
  });
});
