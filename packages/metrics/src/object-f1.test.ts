import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { objectF1, objectF1Counts } from './object-f1.ts';
import { overlapTable } from './overlap-table.ts';

const counts = (truePositives: number, falsePositives: number, falseNegatives: number) => ({
  truePositives,
  falsePositives,
  falseNegatives,
});

describe('objectF1', () => {
  test('asks for more than half of the true object, not for IoU', () => {
    expect(objectF1Counts(overlapTable(draw('111111'), draw('..11..')))).toEqual(counts(1, 0, 0)); // IoU 1/3
    expect(objectF1Counts(overlapTable(draw('..11..'), draw('.1111.')))).toEqual(counts(0, 1, 1)); // exactly half
    expect(objectF1Counts(overlapTable(draw('..11..'), draw('..111.')))).toEqual(counts(1, 0, 0));
  });

  test('a prediction over three objects finds one', () => {
    const table = overlapTable(draw('11111111'), draw('11.22.33'));
    expect(objectF1Counts(table)).toEqual(counts(1, 0, 2));
    expect(objectF1(table)).toBe(2 / (2 + 2));
  });

  test('a prediction belongs to the object that it overlaps most', () => {
    // It covers all of truth 1, but shares more with truth 2, which it covers by less than half.
    expect(objectF1Counts(overlapTable(draw('.1111.......'), draw('.12222222...')))).toEqual(counts(0, 1, 2));
  });

  test('among equal overlaps it belongs to the smaller object, whatever the ids', () => {
    expect(objectF1Counts(overlapTable(draw('1111....'), draw('112222..')))).toEqual(counts(1, 0, 1));
    expect(objectF1Counts(overlapTable(draw('1111....'), draw('221111..')))).toEqual(counts(1, 0, 1));
  });

  test.each([
    ['both maps are empty', draw('..'), draw('..'), null],
    ['the truth is empty', draw('1.'), draw('..'), 0],
    ['the prediction is empty', draw('..'), draw('1.'), 0],
    ['there is no background', draw('12'), draw('12'), 1],
  ])('when %s', (_, prediction, truth, expected) => {
    expect(objectF1(overlapTable(prediction, truth))).toBe(expected);
  });
});
