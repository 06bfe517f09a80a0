import { describe, expect, test } from '@jest/globals';
import { labelMap, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { panopticClasses, panopticSegments } from './panoptic-segments.ts';

const { object, background } = panopticClasses;

describe('panopticSegments', () => {
  test('gives what no object has to background, or to nobody where it is foreground', () => {
    const foreground = Float32Array.of(0.1, 0.5, 0.51, 0, 1, 0.9);
    const { map, classOf } = panopticSegments(labelMap(2, 3, [4, 0, 0, 9, 9, 0]), foreground);
    expect([...map.data]).toEqual([1, 3, 0, 2, 2, 0]);
    expect([...classOf]).toEqual([
      [1, object],
      [2, object],
      [3, background],
    ]);
  });

  test('takes all other pixels for background where no probabilities are given', () => {
    const { map, classOf } = panopticSegments(labelMap(1, 3, [0, 7, 0]));
    expect([[...map.data], [...classOf.values()]]).toEqual([
      [2, 1, 2],
      [object, background],
    ]);
  });

  test('has no background where there is none, and nothing at all where all is foreground of nobody', () => {
    expect([...panopticSegments(labelMap(1, 2, [3, 3])).classOf]).toEqual([[1, object]]);
    const { map, classOf } = panopticSegments(labelMap(1, 2), Float32Array.of(1, 1));
    expect([[...map.data], classOf.size]).toEqual([[0, 0], 0]);
  });

  test('every id of the map has a class, and every class a pixel; the label map stays as it was', () => {
    const pixels = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.float({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(pixels, (drawn) => {
        const labels = labelMap(
          1,
          drawn.length,
          drawn.map(([id]) => id),
        );
        const before = Uint32Array.from(labels.data);
        const { map, classOf } = panopticSegments(
          labels,
          Float32Array.from(drawn, ([, probability]) => probability),
        );
        expect(new Set([...map.data].filter((id) => id > 0))).toEqual(new Set(classOf.keys()));
        expect(labels.data).toEqual(before);
      }),
    );
  });

  test('refuses probabilities of another size', () => {
    expect(() => panopticSegments(labelMap(1, 2), new Float32Array(3))).toThrow(
      new ShapeError('panopticSegments: expected 1 x 2 probabilities of foreground, got 3'),
    );
  });
});
