import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ShapeError } from './errors.ts';
import { compactLabels, labelMap, objectIds } from './label-map.ts';

describe('labelMap', () => {
  test('wraps ids, or makes an empty map', () => {
    expect(labelMap(1, 2, [3, 70_000])).toEqual({ height: 1, width: 2, data: Uint32Array.of(3, 70_000) });
    expect(labelMap(2, 1).data).toEqual(Uint32Array.of(0, 0));
  });

  test('names the number of ids that does not fit', () => {
    expect(() => labelMap(2, 3, [1])).toThrow(ShapeError);
    expect(() => labelMap(2, 3, [1])).toThrow('labelMap: expected 2 x 3 = 6 ids, got 1');
  });
});

describe('objectIds', () => {
  test('lists ids ascending, without background', () => {
    expect(objectIds(labelMap(2, 3, [9, 0, 9, 100_000, 2, 0]))).toEqual([2, 9, 100_000]);
    expect(objectIds(labelMap(2, 2))).toEqual([]);
    expect(objectIds(labelMap(0, 0))).toEqual([]);
  });
});

describe('compactLabels', () => {
  test('closes gaps in ascending order', () => {
    const { labels, ids } = compactLabels(labelMap(2, 3, [9, 0, 9, 5, 2, 0]));
    expect([...labels.data]).toEqual([3, 0, 3, 2, 1, 0]);
    expect(ids).toEqual([2, 5, 9]);
  });

  test('keeps objects apart and can be undone', () => {
    const id = fc.constantFrom(0, 0, 1, 2, 3, 7, 65_536, 4_000_000_000);
    fc.assert(
      fc.property(fc.array(id, { minLength: 12, maxLength: 12 }), (data) => {
        const { labels, ids } = compactLabels(labelMap(3, 4, data));
        expect(objectIds(labels)).toEqual(ids.map((_, index) => index + 1));
        expect(Array.from(labels.data, (value) => (value === 0 ? 0 : ids[value - 1]))).toEqual(data);
      }),
      { seed: 1 },
    );
  });
});
