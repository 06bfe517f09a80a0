import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { labelMap, objectIds } from '@pffnet/structures';
import fc from 'fast-check';
import { fillShallowMinima } from './fill-shallow-minima.ts';
import type { HeightMap } from './height-map.ts';
import { labelMinima } from './label-minima.ts';
import { reconstructByErosion } from './reconstruct-by-erosion.ts';
import { watershed } from './watershed.ts';

const golden = JSON.parse(readFileSync(new URL('../test/watershed.json', import.meta.url), 'utf8'));
const surface = (height: number, width: number, levels: ArrayLike<number>): HeightMap => ({
  height,
  width,
  data: Uint16Array.from(levels),
});
const row = (...levels: number[]): HeightMap => surface(1, levels.length, levels);
const everywhere = ({ data }: HeightMap): Uint8Array => new Uint8Array(data.length).fill(1);

const surfaces = fc
  .record({ height: fc.integer({ min: 1, max: 10 }), width: fc.integer({ min: 1, max: 10 }) })
  .chain(({ height, width }) =>
    fc
      .array(fc.nat(5), { minLength: height * width, maxLength: height * width })
      .map((levels) => surface(height, width, levels)),
  );

describe('reconstructByErosion', () => {
  test('sinks to the mask wherever a way leads down', () => {
    const mask = row(2, 5, 1, 4, 0);
    expect([...reconstructByErosion(row(9, 9, 9, 9, 0), mask).data]).toEqual([5, 5, 4, 4, 0]);
    expect([...reconstructByErosion(row(9, 9, 1, 9, 9), mask).data]).toEqual([5, 5, 1, 4, 4]);
  });

  test('follows a winding valley to its end, against the direction of both scans', () => {
    const walls = [...('00000' + '99990' + '00000' + '09999' + '00000')].map(Number);
    const seed = walls.map((_, pixel) => (pixel === 24 ? 0 : 9));
    expect([...reconstructByErosion(surface(5, 5, seed), surface(5, 5, walls)).data]).toEqual(walls);
  });

  test('agrees with scikit-image', () => {
    for (const { height, width, mask, seed, sunk } of golden.reconstructions) {
      expect([...reconstructByErosion(surface(height, width, seed), surface(height, width, mask)).data]).toEqual(sunk);
    }
  });

  test('lies between mask and seed, and does nothing a second time', () => {
    fc.assert(
      fc.property(surfaces, fc.infiniteStream(fc.nat(4)), (mask, rises) => {
        const seed = { ...mask, data: mask.data.map((level) => level + Number(rises.next().value)) };
        const sunk = reconstructByErosion(seed, mask);
        expect(sunk.data.every((level, pixel) => level >= mask.data[pixel] && level <= seed.data[pixel])).toBe(true);
        expect(reconstructByErosion(sunk, mask)).toEqual(sunk);
      }),
    );
  });

  test('refuses a seed of another size', () => {
    expect(() => reconstructByErosion(row(1), row(1, 2))).toThrow(
      'reconstructByErosion: expected a seed of 1 x 2 pixels, got 1 x 1',
    );
  });
});

describe('fillShallowMinima', () => {
  test('removes hollows that are no deeper than the depth', () => {
    expect([...fillShallowMinima(row(5, 3, 5, 0, 5), 2).data]).toEqual([5, 5, 5, 2, 5]);
    expect([...fillShallowMinima(row(5, 3, 5, 0, 5), 1).data]).toEqual([5, 4, 5, 1, 5]);
  });

  test('changes nothing by 0, and stops at the greatest height', () => {
    expect([...fillShallowMinima(row(1, 0, 1), 0).data]).toEqual([1, 0, 1]);
    expect([...fillShallowMinima(row(65535, 65530, 65535), 9).data]).toEqual([65535, 65535, 65535]);
  });

  test('agrees with scikit-image', () => {
    for (const { height, width, mask, depth, filled } of golden.reconstructions) {
      expect([...fillShallowMinima(surface(height, width, mask), depth).data]).toEqual(filled);
    }
  });
});

describe('labelMinima', () => {
  test('numbers plateaus that only higher pixels surround, in reading order', () => {
    const levels = [1, 1, 5, 0, 5, 5, 5, 5, 2, 2, 5, 3];
    expect([...labelMinima(surface(3, 4, levels)).data]).toEqual([1, 1, 0, 2, 0, 0, 0, 0, 3, 3, 0, 4]);
  });

  test('takes pixels that touch at a corner for one minimum', () => {
    expect([...labelMinima(surface(2, 2, [0, 1, 1, 0])).data]).toEqual([1, 0, 0, 1]);
  });

  test('finds one minimum in a flat surface or a single pixel, none in nothing', () => {
    expect([...labelMinima(row(4, 4, 4)).data]).toEqual([1, 1, 1]);
    expect([...labelMinima(row(65535)).data]).toEqual([1]);
    expect(labelMinima(surface(0, 0, [])).data).toHaveLength(0);
  });

  test('leaves out what lies outside the mask', () => {
    expect([...labelMinima(row(0, 3, 1, 3), Uint8Array.of(0, 1, 1, 1)).data]).toEqual([0, 0, 1, 0]);
  });

  test('agrees with scikit-image', () => {
    for (const { height, width, filled, minima } of golden.reconstructions) {
      expect([...labelMinima(surface(height, width, filled)).data]).toEqual(minima);
    }
  });
});

describe('watershed', () => {
  test('parts a surface where two floods meet', () => {
    const heights = row(0, 1, 3, 2, 1, 0);
    expect([...watershed(heights, labelMinima(heights), everywhere(heights)).data]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test('gives the middle of a plateau to neither side first', () => {
    const heights = row(0, 2, 2, 2, 2, 0);
    expect([...watershed(heights, labelMinima(heights), everywhere(heights)).data]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test('floods nothing outside the mask, and not across a corner', () => {
    const heights = row(0, 1, 1, 1);
    const markers = labelMap(1, 4, [7, 0, 0, 0]);
    expect([...watershed(heights, markers, Uint8Array.of(1, 1, 0, 1)).data]).toEqual([7, 7, 0, 0]);
    expect([...watershed(heights, markers, Uint8Array.of(0, 1, 1, 1)).data]).toEqual([0, 0, 0, 0]);
    const corner = surface(2, 2, [0, 1, 1, 0]);
    expect([...watershed(corner, labelMap(2, 2, [5, 0, 0, 0]), Uint8Array.of(1, 0, 0, 1)).data]).toEqual([5, 0, 0, 0]);
  });

  test('goes down again behind a rim', () => {
    const heights = row(3, 5, 1, 0, 1);
    expect([...watershed(heights, labelMap(1, 5, [2, 0, 0, 0, 0]), everywhere(heights)).data]).toEqual([2, 2, 2, 2, 2]);
  });

  test('is empty without markers, and of a single pixel that pixel', () => {
    expect([...watershed(row(1, 2), labelMap(1, 2), Uint8Array.of(1, 1)).data]).toEqual([0, 0]);
    expect([...watershed(row(65535), labelMap(1, 1, [3]), Uint8Array.of(1)).data]).toEqual([3]);
    expect(watershed(surface(0, 0, []), labelMap(0, 0), new Uint8Array(0)).data).toHaveLength(0);
  });

  test('agrees with scikit-image', () => {
    for (const { height, width, surface: levels, markers, mask, ids } of golden.floods) {
      const flooded = watershed(
        surface(height, width, levels),
        labelMap(height, width, markers),
        Uint8Array.from(mask),
      );
      expect([...flooded.data]).toEqual(ids);
    }
  });

  test('from all minima reaches every pixel, adds no id and keeps the markers', () => {
    fc.assert(
      fc.property(surfaces, (heights) => {
        const markers = labelMinima(heights);
        const flooded = watershed(heights, markers, everywhere(heights));
        expect(flooded.data.every((id) => id > 0)).toBe(true);
        expect(objectIds(flooded)).toEqual(objectIds(markers));
        expect(flooded.data.every((id, pixel) => markers.data[pixel] === 0 || markers.data[pixel] === id)).toBe(true);
      }),
    );
  });

  test('refuses markers or a mask of another size', () => {
    expect(() => watershed(row(1, 2), labelMap(2, 1), Uint8Array.of(1, 1))).toThrow(
      'watershed: expected markers and a mask of 1 x 2 pixels, got 2 x 1 and 2 values',
    );
  });
});
