import { describe, expect, test } from '@jest/globals';
import type { Detections } from '@pffnet/structures';
import '@pffnet/structures/testing';
import fc from 'fast-check';
import { paintInstances } from './paint-instances.ts';
import { mergeTiles, type Tile, tilesOf } from './tiles.ts';

describe('tilesOf', () => {
  test('reads an image that fits as one tile', () => {
    expect(tilesOf({ height: 30, width: 50 }, { tile: 64, overlap: 16 })).toEqual([
      { y: 0, x: 0, height: 30, width: 50, core: { y1: 0, x1: 0, y2: 30, x2: 50 } },
    ]);
  });

  test('overlaps tiles and parts their cores in the middle of the overlap', () => {
    expect(tilesOf({ height: 1, width: 100 }, { tile: 64, overlap: 32 })).toEqual([
      { y: 0, x: 0, height: 1, width: 64, core: { y1: 0, x1: 0, y2: 1, x2: 48 } },
      { y: 0, x: 32, height: 1, width: 64, core: { y1: 0, x1: 48, y2: 1, x2: 80 } },
      { y: 0, x: 64, height: 1, width: 36, core: { y1: 0, x1: 80, y2: 1, x2: 100 } },
    ]);
  });

  test('starts tiles on the coarsest stride of the pyramid', () => {
    const starts = tilesOf({ height: 1, width: 3000 }, { tile: 1000, overlap: 200 }).map(({ x }) => x);
    expect(starts).toEqual([0, 768, 1536, 2304]);
  });

  const image = fc.record({ height: fc.integer({ min: 1, max: 150 }), width: fc.integer({ min: 1, max: 150 }) });
  const tiling = fc
    .record({ tile: fc.integer({ min: 2, max: 100 }), overlap: fc.nat(99) })
    .filter(({ tile, overlap }) => overlap < tile && tile - overlap > 8);

  test('covers every pixel by exactly one core, each inside its tile with half the overlap to spare', () => {
    fc.assert(
      fc.property(image, tiling, ({ height, width }, { tile, overlap }) => {
        const owners = new Uint8Array(height * width);
        for (const { y, x, height: h, width: w, core } of tilesOf({ height, width }, { tile, overlap })) {
          expect([h, w].every((extent) => extent >= 1 && extent <= tile)).toBe(true);
          expect(y + h <= height && x + w <= width).toBe(true);
          const margin = Math.floor(overlap / 2);
          expect(core.y1).toBeGreaterThanOrEqual(y === 0 ? 0 : y + margin);
          expect(core.x1).toBeGreaterThanOrEqual(x === 0 ? 0 : x + margin);
          expect(core.y2).toBeLessThanOrEqual(y + h === height ? height : y + h - margin);
          expect(core.x2).toBeLessThanOrEqual(x + w === width ? width : x + w - margin);
          for (let row = core.y1; row < core.y2; row++) {
            for (let column = core.x1; column < core.x2; column++) owners[row * width + column]++;
          }
        }
        expect(owners.every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    { tile: 64, overlap: 64 },
    { tile: 64, overlap: 32, align: 64 },
    { tile: 64.5, overlap: 32 },
    { tile: 64, overlap: -1 },
  ])('refuses %j', (tiling) => {
    expect(() => tilesOf({ height: 9, width: 9 }, tiling)).toThrow(
      `tilesOf: expected whole numbers with tile - overlap at least align, got tile ${tiling.tile}, overlap ${tiling.overlap}`,
    );
  });
});

/** What a perfect detector would find in a tile: every object that lies wholly inside, in the tile's pixels. */
function seenIn({ y, x, height, width }: Tile, whole: Detections): Detections {
  const inside = Array.from({ length: whole.count }, (_, index) => index).filter((index) => {
    const [y1, x1, y2, x2] = whole.boxes.subarray(index * 4, index * 4 + 4);
    return y1 >= y && x1 >= x && y2 <= y + height && x2 <= x + width;
  });
  const cells = whole.maskSide ** 2;
  return {
    count: inside.length,
    boxes: Float32Array.from(
      inside.flatMap((index) => {
        const [y1, x1, y2, x2] = whole.boxes.subarray(index * 4, index * 4 + 4);
        return [y1 - y, x1 - x, y2 - y, x2 - x];
      }),
    ),
    classScores: Float32Array.from(inside, (index) => whole.classScores[index]),
    qualities: whole.qualities && Float32Array.from(inside, (index) => whole.qualities![index]),
    maskSide: whole.maskSide,
    masks: Float32Array.from(inside.flatMap((index) => [...whole.masks.subarray(index * cells, (index + 1) * cells)])),
  };
}

describe('mergeTiles', () => {
  const rule = { minScore: 0.5, maskThreshold: 0.5, dropCoveredAbove: 0.7, geometry: 'continuous' } as const;
  const size = { height: 90, width: 130 };
  const eighths = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: max * 8 }).map((value) => value / 8);
  const object = fc.record({ y: eighths(82), x: eighths(122), h: eighths(8), w: eighths(8), mask: fc.nat(15) });

  test('gives the label map of the whole image when the overlap is twice the largest object', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 60 }), fc.boolean(), (objects, hasQuality) => {
        const whole: Detections = {
          count: objects.length,
          boxes: Float32Array.from(objects.flatMap(({ y, x, h, w }) => [y, x, y + h, x + w])),
          classScores: Float32Array.from(objects, (_, index) => 1 - index / 200),
          qualities: hasQuality ? new Float32Array(objects.length).fill(0.5) : null,
          maskSide: 2,
          masks: Float32Array.from(
            objects.flatMap(({ mask }) => [1, 2, 4, 8].map((bit) => ((mask & bit) > 0 ? 1 : 0))),
          ),
        };
        const tiles = tilesOf(size, { tile: 48, overlap: 16 });
        const merged = mergeTiles(tiles.map((tile) => ({ tile, detections: seenIn(tile, whole) })));
        expect(merged.count).toBe(whole.count);
        expect(paintInstances(merged, size, rule)).toEqual(paintInstances(whole, size, rule));
      }),
      { numRuns: 40 },
    );
  });

  const tileWithBox = (x: number, core: { x1: number; x2: number }, box: number[]) => ({
    tile: { y: 0, x, height: 10, width: 10, core: { y1: 0, y2: 10, ...core } },
    detections: {
      count: 1,
      boxes: Float32Array.from(box),
      classScores: Float32Array.of(1),
      qualities: null,
      maskSide: 1,
      masks: Float32Array.of(1),
    },
  });

  test('gives an object on the line between two cores to the right one, once', () => {
    const left = tileWithBox(0, { x1: 0, x2: 8 }, [0, 7, 2, 9]);
    const right = tileWithBox(6, { x1: 8, x2: 16 }, [0, 1, 2, 3]);
    expect([...mergeTiles([left, right]).boxes]).toEqual([0, 7, 2, 9]);
  });

  test('keeps an object that reaches beyond the image', () => {
    expect(mergeTiles([tileWithBox(0, { x1: 0, x2: 8 }, [-6, -6, 2, 2])]).count).toBe(1);
  });

  test('finds nothing in nothing', () => {
    expect(mergeTiles([]).count).toBe(0);
  });

  test('refuses tiles of different networks', () => {
    const one = tileWithBox(0, { x1: 0, x2: 8 }, [0, 0, 2, 2]);
    const other = { ...one, detections: { ...one.detections, qualities: Float32Array.of(1) } };
    expect(() => mergeTiles([one, other])).toThrow(
      'mergeTiles: expected tiles of one network, got different mask sides or qualities',
    );
  });
});
