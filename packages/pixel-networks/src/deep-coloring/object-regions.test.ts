import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import fc from 'fast-check';
import { objectRegions } from './object-regions.ts';

describe('objectRegions', () => {
  test('gives the pixels of an object, and those around it within a radius, other objects among them', () => {
    const labels = labelMap(3, 5, [0, 0, 0, 0, 0, 0, 7, 0, 3, 0, 0, 0, 0, 0, 0]);
    const [three, seven] = objectRegions(labels, 1);
    expect([[...three!.inside], [...three!.halo]]).toEqual([[8], [3, 7, 9, 13]]);
    expect([[...seven!.inside], [...seven!.halo]]).toEqual([[6], [1, 5, 7, 11]]);
    // The corners lie 1.41 pixels away, the other object 2.
    expect([...objectRegions(labels, 1.5)[1]!.halo]).toEqual([0, 1, 2, 5, 7, 10, 11, 12]);
    expect([...objectRegions(labels, 2)[1]!.halo]).toContain(8);
  });

  test('gives every pixel outside whose distance to the object is at most the radius', () => {
    const side = { min: 1, max: 9 };
    const map = fc
      .tuple(fc.integer(side), fc.integer(side))
      .chain(([height, width]) =>
        fc
          .array(fc.integer({ min: 0, max: 3 }), { minLength: height * width, maxLength: height * width })
          .map((ids) => labelMap(height, width, ids)),
      );
    fc.assert(
      fc.property(map, fc.double({ min: 0, max: 5, noNaN: true }), (labels, radius) => {
        const pixels = [...labels.data.keys()];
        const at = (pixel: number) => [Math.floor(pixel / labels.width), pixel % labels.width] as const;
        for (const { inside, halo } of objectRegions(labels, radius)) {
          const own = labels.data[inside[0]!];
          const near = pixels.filter(
            (pixel) =>
              labels.data[pixel] !== own &&
              [...inside].some((other) => {
                const [[y, x], [v, u]] = [at(pixel), at(other)];
                return (y - v) ** 2 + (x - u) ** 2 <= radius ** 2;
              }),
          );
          expect([...halo]).toEqual(near);
          expect([...inside]).toEqual(pixels.filter((pixel) => labels.data[pixel] === own));
        }
      }),
    );
  });

  test('gives an object without surroundings no halo, and no object no region', () => {
    expect([...objectRegions(labelMap(1, 2, [4, 4]), 3)[0]!.halo]).toEqual([]);
    expect(objectRegions(labelMap(2, 2), 3)).toEqual([]);
  });
});
