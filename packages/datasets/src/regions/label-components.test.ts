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

  test('finds nothing in an empty mask', () => {
    expect([...labelComponents({ height: 1, width: 2, data: [0, 0] }, 8).data]).toEqual([0, 0]);
  });
});
