import type { Size } from '@pffnet/structures';
import { describe, expect, test } from '@jest/globals';
import { boxesFromXyxy, golden } from '@pffnet/tensor-ops/testing';
import { anchorsOfPyramid } from './anchors.ts';
import { isInside } from './sample-anchors.ts';

const ratios = [0.5, 1, 2];
const reference = golden('anchors');
const [imageHeight, imageWidth] = reference.config['image_hw'] as [number, number];
const mapSizes = (reference.config['grid_hw'] as [number, number][]).map(([height, width]): Size => ({
  height,
  width,
}));
const paperSizes = [32, 64, 128, 256, 512];

describe('anchorsOfPyramid', () => {
  test('puts an anchor of each ratio on the centre of each cell', () => {
    // P2 of 1 x 2 cells of 4 pixels, centres (2, 2) and (2, 6); size 8: 8 x 8, and 16 high and 4 wide.
    const [level] = anchorsOfPyramid([{ height: 1, width: 2 }], { sizes: [8], ratios: [1, 4] }, 'continuous');
    expect([...level]).toEqual([-2, -2, 6, 6, -6, 0, 10, 4, -2, 2, 6, 10, -6, 4, 10, 8]);
  });

  test('gives every anchor the area of its size and the ratio of its place', () => {
    const levels = anchorsOfPyramid(mapSizes, { sizes: paperSizes, ratios }, 'continuous');
    levels.forEach((anchors, level) => {
      for (let at = 0; at < anchors.length; at += 4) {
        const [height, width] = [anchors[at + 2] - anchors[at], anchors[at + 3] - anchors[at + 1]];
        expect((height * width) / paperSizes[level] ** 2).toBeCloseTo(1, 4);
        expect(height / width / ratios[(at / 4) % 3]).toBeCloseTo(1, 4);
      }
    });
  });

  test.each([0, 1, 2, 3, 4])('matches the reference on level %i', (level) => {
    const anchors = anchorsOfPyramid(mapSizes, { sizes: paperSizes, ratios }, 'legacy')[level];
    const expected = reference.plain(`anchors_l${level}`);
    expect(anchors).toBeAllClose(boxesFromXyxy(expected), expected);
    const inside = Array.from(reference.plain(`inside_l${level}`).data, (_, index) =>
      Number(isInside(anchors, index, { height: imageHeight, width: imageWidth }, 'legacy')),
    );
    expect(inside).toEqual([...reference.plain(`inside_l${level}`).data]);
  });

  test.each([0, 1, 2, 3, 4])('matches the reference for small sizes on level %i', (level) => {
    const sizes = [8, 16, 32, 64, 128];
    const oneCell = Array.from({ length: 5 }, () => ({ height: 1, width: 1 }));
    const expected = reference.plain(`cell_small_l${level}`);
    expect(anchorsOfPyramid(oneCell, { sizes, ratios }, 'legacy')[level]).toBeAllClose(
      boxesFromXyxy(expected),
      expected,
    );
  });

  test('gives no anchors for a map without cells', () => {
    const levels = anchorsOfPyramid([{ height: 0, width: 3 }], { sizes: [8], ratios }, 'continuous');
    expect(levels.map((level) => level.length)).toEqual([0]);
  });
});

describe('isInside', () => {
  test.each([
    ['continuous', [0, 0, 10, 20], true],
    ['continuous', [0, 0, 10, 20.5], false],
    ['continuous', [-0.5, 0, 9, 9], false],
    ['legacy', [0, 0, 9, 19], true],
    ['legacy', [0, 0, 9, 20], false],
  ] as const)('%s: %j', (geometry, corners, expected) => {
    expect(isInside(new Float32Array(corners), 0, { height: 10, width: 20 }, geometry)).toBe(expected);
  });
});
