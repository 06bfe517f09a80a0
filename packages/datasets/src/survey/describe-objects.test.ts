import { describe, expect, test } from '@jest/globals';
import { boxesOfLabels, labelMap, objectIds } from '@pffnet/structures';
import fc from 'fast-check';
import { describeObjects } from './describe-objects.ts';

describe('describeObjects', () => {
  test('tells pieces, neighbours and cut objects', () => {
    // 3 lies in two pieces; 5 meets 9 at a corner; 9 alone reaches no edge.
    const labels = labelMap(5, 6, [
      3, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 5, 5,
      0, 0, 9, 9, 0, 0,
      0, 0, 9, 9, 0, 0,
      3, 3, 0, 0, 0, 0,
    ]); // prettier-ignore
    expect(describeObjects(labels)).toEqual([
      { id: 3, area: 3, box: [0, 0, 5, 2], parts: 2, touches: true, cut: true },
      { id: 5, area: 2, box: [1, 4, 2, 6], parts: 1, touches: true, cut: true },
      { id: 9, area: 4, box: [2, 2, 4, 4], parts: 1, touches: true, cut: false },
    ]);
  });

  test('counts pixels that meet at a corner as one piece', () => {
    expect(describeObjects(labelMap(3, 4, [0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 7, 0]))[0]).toMatchObject({ parts: 1 });
  });

  test('agrees with boxes, ids and areas of any map', () => {
    const maps = fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
      .chain(([height, width]) =>
        fc
          .array(fc.integer({ min: 0, max: 4 }), { minLength: height * width, maxLength: height * width })
          .map((data) => labelMap(height, width, data)),
      );
    fc.assert(
      fc.property(maps, (labels) => {
        const objects = describeObjects(labels);
        expect(objects.map(({ id }) => id)).toEqual(objectIds(labels));
        expect(objects.flatMap(({ box }) => box)).toEqual([...boxesOfLabels(labels)]);
        expect(objects.reduce((sum, { area }) => sum + area, 0)).toBe(labels.data.filter((id) => id > 0).length);
        for (const { parts, area } of objects) expect(parts >= 1 && parts <= area).toBe(true);
      }),
    );
  });

  test('finds nothing in a map without objects', () => {
    expect(describeObjects(labelMap(2, 2))).toEqual([]);
  });
});
