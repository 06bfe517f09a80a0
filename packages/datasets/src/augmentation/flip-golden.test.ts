import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { decodeSafetensors } from '@pffnet/structures/safetensors';
import { tiedSample } from '../../test/any-sample.ts';
import type { Sample } from '../sample.ts';
import { flipHorizontal, flipVertical } from './flip.ts';

const [height, width] = [80, 96];
const folder = new URL('../../../../tools/golden/', import.meta.url);
const { tensors } = decodeSafetensors(readFileSync(new URL('flips.safetensors', folder)), 'flips');
const numbered = tiedSample(
  height,
  width,
  Array.from({ length: height * width }, (_, pixel) => pixel),
);

/** Where a flip takes the point (x, y), given in pixel indices; between pixels by linear interpolation. */
function landing(flip: (sample: Sample) => Sample): (x: number, y: number) => [number, number] {
  const to = new Map(Array.from(flip(numbered).labels.data, (id, pixel) => [id, pixel]));
  const column = (x: number): number => to.get(x)! % width;
  const row = (y: number): number => Math.floor(to.get(y * width)! / width);
  const between = (of: (index: number) => number, at: number): number => {
    const below = Math.floor(at);
    return below === at ? of(at) : of(below) + (at - below) * (of(below + 1) - of(below));
  };
  return (x, y) => [between(column, x), between(row, y)];
}

const values = (name: string): number[] => [...tensors.get(name)!.data];

describe.each([
  ['flipHorizontal', flipHorizontal, 'horizontal', 'horizontal'],
  // The reference moves the boxes, and only them, one pixel too low; the corrected value is the one to meet.
  ['flipVertical', flipVertical, 'vertical', 'vertical_corrected'],
] as const)('%s', (_, flip, polygonCase, boxCase) => {
  const land = landing(flip);

  test.each(['poly0', 'poly1', 'poly2'])('takes the outline %s where the reference takes it', (name) => {
    const [from, expected] = [values(name), values(`${name}_${polygonCase}`)];
    for (let at = 0; at < from.length; at += 2) {
      const [x, y] = land(from[at]!, from[at + 1]!);
      expect(x).toBeCloseTo(expected[at]!, 4);
      expect(y).toBeCloseTo(expected[at + 1]!, 4);
    }
  });

  test('takes boxes where the reference takes them', () => {
    const [from, expected] = [values('boxes'), values(`boxes_${boxCase}`)];
    for (let at = 0; at < from.length; at += 4) {
      const [[xa, ya], [xb, yb]] = [land(from[at]!, from[at + 1]!), land(from[at + 2]!, from[at + 3]!)];
      const box = [Math.min(xa, xb), Math.min(ya, yb), Math.max(xa, xb), Math.max(ya, yb)];
      box.forEach((value, side) => expect(value).toBeCloseTo(expected[at + side]!, 4));
    }
  });
});
