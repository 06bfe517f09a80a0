import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { labelComponents } from './label-components.ts';

describe('labelComponents', () => {
  // x . x
  // . x .
  // . . x
  const mask = { height: 3, width: 3, data: [7, 0, 7, 0, 7, 0, 0, 0, 7] };

  test.each([
    [4, [1, 0, 2, 0, 3, 0, 0, 0, 4]],
    [8, [1, 0, 1, 0, 1, 0, 0, 0, 1]],
  ] as const)('connects pixels with %i neighbours', (neighbours, ids) => {
    expect([...labelComponents(mask, neighbours).data]).toEqual(ids);
  });

  test('parts regions of different values that touch', () => {
    expect([...labelComponents({ height: 2, width: 3, data: [5, 5, 8, 8, 5, 8] }, 8).data]).toEqual([1, 1, 2, 3, 1, 2]);
  });

  test('neither adds nor loses foreground, and finds fewer regions with corners than without', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 30, maxLength: 30 }), (data) => {
        const [sides, corners] = ([4, 8] as const).map((neighbours) =>
          labelComponents({ height: 5, width: 6, data }, neighbours),
        );
        expect([...sides!.data].map((id) => (id === 0 ? 0 : 1))).toEqual(data);
        expect(Math.max(...corners!.data)).toBeLessThanOrEqual(Math.max(...sides!.data));
      }),
    );
  });

  test('numbers regions as filling them one by one does', () => {
    const fill = (width: number, values: readonly number[], corners: boolean): number[] => {
      const ids = values.map(() => 0);
      const visit = (x: number, y: number, value: number, id: number): void => {
        const at = y * width + x;
        if (x < 0 || x >= width || values[at] !== value || ids[at] !== 0) return;
        ids[at] = id;
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1], ...(corners ? [[1, 1], [-1, 1], [1, -1], [-1, -1]] : [])]) {
          visit(x + dx!, y + dy!, value, id);
        }
      };
      values.forEach((value, at) => {
        if (value > 0) visit(at % width, Math.floor(at / width), value, 1 + Math.max(0, ...ids));
      });
      return ids;
    }; // prettier-ignore
    const maps = fc.record({ width: fc.integer({ min: 1, max: 8 }), data: fc.array(fc.nat(2), { maxLength: 64 }) });
    fc.assert(
      fc.property(maps, fc.boolean(), ({ width, data }, corners) => {
        const height = Math.floor(data.length / width);
        const values = data.slice(0, height * width);
        const found = labelComponents({ height, width, data: values }, corners ? 8 : 4);
        expect([...found.data]).toEqual(fill(width, values, corners));
      }),
      { numRuns: 500 },
    );
  });

  test('finds nothing in an empty mask', () => {
    expect([...labelComponents({ height: 1, width: 2, data: [0, 0] }, 8).data]).toEqual([0, 0]);
  });
});
