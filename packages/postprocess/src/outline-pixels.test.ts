import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import fc from 'fast-check';
import { outlinePixels } from './outline-pixels.ts';

describe('outlinePixels', () => {
  test('marks pixels next to anything else, and the edge of the image', () => {
    const labels = labelMap(4, 6, [
      ...[0, 0, 0, 0, 0, 0],
      ...[0, 1, 1, 1, 2, 2],
      ...[0, 1, 1, 1, 2, 2],
      ...[0, 1, 1, 1, 2, 2],
    ]);
    expect([...outlinePixels(labels)]).toEqual([
      ...[0, 0, 0, 0, 0, 0],
      ...[0, 1, 1, 1, 1, 1],
      ...[0, 1, 0, 1, 1, 1],
      ...[0, 1, 1, 1, 1, 1],
    ]);
  });

  test('follows the pixels, not their numbers', () => {
    const data = fc.array(fc.nat(2), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(data, (ids) => {
        const renamed = ids.map((id) => id && 70_000 - id);
        expect(outlinePixels(labelMap(5, 6, renamed))).toEqual(outlinePixels(labelMap(5, 6, ids)));
      }),
    );
  });

  test('is empty for an empty map', () => {
    expect([...outlinePixels(labelMap(2, 2))]).toEqual([0, 0, 0, 0]);
  });
});
