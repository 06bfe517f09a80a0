import { describe, expect, test } from '@jest/globals';
import type { Detections } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/structures/testing';
import fc from 'fast-check';
import { paintInstances, type PaintRule } from './paint-instances.ts';

const rule: PaintRule = { minScore: 0.5, maskThreshold: 0.5, dropCoveredAbove: 0.7, geometry: 'continuous' };

/** Boxes with full masks of 8 x 8 cells. */
const fullBoxes = (boxes: number[][], classScores: number[], qualities: number[] | null = null): Detections => ({
  count: boxes.length,
  boxes: Float32Array.from(boxes.flat()),
  classScores: Float32Array.from(classScores),
  qualities: qualities && Float32Array.from(qualities),
  maskSide: 8,
  masks: new Float32Array(boxes.length * 64).fill(1),
});

describe('paintInstances', () => {
  test('gives overlap to the surer object', () => {
    const boxes = [
      [0, 0, 2, 3],
      [0, 2, 2, 5],
    ];
    const { labels, instances } = paintInstances(fullBoxes(boxes, [0.75, 1], [1, 0.5]), { height: 2, width: 6 }, rule);
    expect([...labels.data]).toEqual([1, 1, 1, 2, 2, 0, 1, 1, 1, 2, 2, 0]);
    expect(instances).toEqual([
      { id: 1, box: [0, 0, 2, 3], area: 6, classScore: 0.75, quality: 1, confidence: 0.75 },
      { id: 2, box: [0, 3, 2, 5], area: 4, classScore: 1, quality: 0.5, confidence: 0.5 },
    ]);
  });

  test('ranks by class score where there is no quality, and says so', () => {
    const boxes = [
      [0, 0, 1, 1],
      [0, 2, 1, 3],
    ];
    const { labels, instances } = paintInstances(fullBoxes(boxes, [0.75, 1]), { height: 1, width: 3 }, rule);
    expect([...labels.data]).toEqual([2, 0, 1]);
    expect(instances.map(({ quality, confidence }) => [quality, confidence])).toEqual([
      [null, 1],
      [null, 0.75],
    ]);
  });

  test.each([
    ['drops a mask covered by more than the limit', 0.7, [1, 1, 1, 0]],
    ['keeps a mask covered by exactly the limit', 0.75, [1, 1, 1, 2]],
    ['keeps any visible pixel under the literal rule', 1, [1, 1, 1, 2]],
  ])('%s', (_, dropCoveredAbove, expected) => {
    const boxes = [
      [0, 0, 1, 3],
      [0, 0, 1, 4],
    ];
    const detections = fullBoxes(boxes, [1, 0.75]);
    const { labels } = paintInstances(detections, { height: 1, width: 4 }, { ...rule, dropCoveredAbove });
    expect([...labels.data]).toEqual(expected);
  });

  test('drops a mask with no pixel left even under the literal rule, and skips no id', () => {
    const boxes = [
      [0, 0, 1, 2],
      [0, 1, 1, 2],
      [0, 3, 1, 4],
    ];
    const detections = fullBoxes(boxes, [1, 0.9, 0.8]);
    const { labels, instances } = paintInstances(detections, { height: 1, width: 4 }, { ...rule, dropCoveredAbove: 1 });
    expect([...labels.data]).toEqual([1, 1, 0, 2]);
    expect(instances.map(({ id }) => id)).toEqual([1, 2]);
  });

  test.each([
    ['0p5', 0.5],
    ['0p35', 0.35],
  ])('matches the reference label map above %s', (name, minScore) => {
    const { plain } = golden('postprocess');
    const [height, width] = plain(`labels_${name}`).shape;
    const detections: Detections = {
      count: 14,
      boxes: boxesFromXyxy(plain('boxes')),
      classScores: Float32Array.from(plain('scores').data),
      qualities: Float32Array.from(plain('quality_pred').data).filter((_, at) => at % 2 === 1),
      maskSide: 28,
      masks: Float32Array.from(plain('mask_prob').data),
    };
    const { labels, instances } = paintInstances(
      detections,
      { height, width },
      { ...rule, minScore, geometry: 'legacy' },
    );
    expect([...labels.data]).toEqual([...plain(`labels_${name}`).data]);
    const survivors = [...plain(`survivors_${name}`).data];
    expect(instances.map(({ classScore }) => classScore)).toEqual(
      survivors.map((index) => detections.classScores[index]),
    );
  });

  const size = { height: 12, width: 15 };
  const somewhere = fc.double({ min: -4, max: 16, noNaN: true });
  const detection = fc.record({
    corner: fc.tuple(somewhere, somewhere),
    extent: fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true })),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    quality: fc.double({ min: -0.5, max: 1.5, noNaN: true }),
    mask: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
  });
  const anyDetections = fc.array(detection, { maxLength: 12 }).map((found): Detections => ({
    count: found.length,
    boxes: Float32Array.from(found.flatMap(({ corner: [y, x], extent: [h, w] }) => [y, x, y + h, x + w])),
    classScores: Float32Array.from(found, ({ score }) => score),
    qualities: Float32Array.from(found, ({ quality }) => quality),
    maskSide: 4,
    masks: Float32Array.from(found.flatMap(({ mask }) => mask)),
  }));
  const anyRule = fc.record({
    minScore: fc.constantFrom(0, 0.5),
    maskThreshold: fc.constant(0.5),
    dropCoveredAbove: fc.constantFrom(0.7, 1),
    geometry: fc.constantFrom('continuous' as const, 'legacy' as const),
  });

  test('numbers instances 1..n in the map, with their areas and boxes, surest first', () => {
    fc.assert(
      fc.property(anyDetections, anyRule, (detections, painted) => {
        const { labels, instances } = paintInstances(detections, size, painted);
        expect(Math.max(0, ...labels.data)).toBe(instances.length);
        instances.forEach(({ id, area, box: [y1, x1, y2, x2], confidence }, index) => {
          expect(id).toBe(index + 1);
          const pixels = [...labels.data.keys()].filter((pixel) => labels.data[pixel] === id);
          expect(area).toBe(pixels.length);
          expect(area).toBeGreaterThan(0);
          const rows = pixels.map((pixel) => Math.floor(pixel / size.width));
          const columns = pixels.map((pixel) => pixel % size.width);
          expect([y1, y2]).toEqual([Math.min(...rows), Math.max(...rows) + 1]);
          expect([x1, x2]).toEqual([Math.min(...columns), Math.max(...columns) + 1]);
          if (index > 0) expect(confidence).toBeLessThanOrEqual(instances[index - 1].confidence);
        });
      }),
    );
  });

  test('does not depend on the order of detections of different confidence', () => {
    fc.assert(
      fc.property(anyDetections, anyRule, (detections, painted) => {
        const { count } = detections;
        const distinct = { ...detections, qualities: null };
        distinct.classScores = Float32Array.from({ length: count }, (_, index) => 1 - index / 100);
        const backwards = (values: Float32Array, size: number): Float32Array =>
          Float32Array.from(values, (_, at) => values[(count - 1 - Math.floor(at / size)) * size + (at % size)]);
        const reversed = {
          ...distinct,
          boxes: backwards(distinct.boxes, 4),
          classScores: backwards(distinct.classScores, 1),
          masks: backwards(distinct.masks, 16),
        };
        expect(paintInstances(reversed, size, painted)).toEqual(paintInstances(distinct, size, painted));
      }),
    );
  });

  test('keeps every one-pixel object whose mask is full', () => {
    const pixels = fc.uniqueArray(fc.integer({ min: 0, max: size.height * size.width - 1 }), { maxLength: 40 });
    fc.assert(
      fc.property(pixels, (chosen) => {
        const corners = chosen.map((pixel) => [Math.floor(pixel / size.width), pixel % size.width]);
        const boxes = corners.map(([y, x]) => [y, x, y + 1, x + 1]);
        const { labels, instances } = paintInstances(
          fullBoxes(
            boxes,
            chosen.map(() => 1),
          ),
          size,
          rule,
        );
        expect(chosen.map((pixel) => labels.data[pixel])).toEqual(chosen.map((_, index) => index + 1));
        expect(instances.map(({ box }) => box)).toEqual(boxes);
      }),
    );
  });

  test('numbers more than 65,535 objects', () => {
    const side = 300;
    const count = 70_000;
    const boxes = new Float32Array(count * 4);
    for (let index = 0; index < count; index++) {
      const [y, x] = [Math.floor(index / side), index % side];
      boxes.set([y, x, y + 1, x + 1], index * 4);
    }
    const ones = new Float32Array(count).fill(1);
    const detections = { count, boxes, classScores: ones, qualities: null, maskSide: 1, masks: ones };
    const { labels, instances } = paintInstances(detections, { height: side, width: side }, rule);
    expect(instances).toHaveLength(count);
    expect(labels.data[count - 1]).toBe(count);
  });

  test('gives an empty map without detections', () => {
    const { labels, instances } = paintInstances(fullBoxes([], []), { height: 2, width: 2 }, rule);
    expect([[...labels.data], instances]).toEqual([[0, 0, 0, 0], []]);
  });

  test('refuses arrays that do not fit the count', () => {
    const broken = { ...fullBoxes([[0, 0, 1, 1]], [1]), masks: new Float32Array(63) };
    expect(() => paintInstances(broken, { height: 1, width: 1 }, rule)).toThrow(
      'paintInstances: expected 64 mask cells, got 63',
    );
  });
});
