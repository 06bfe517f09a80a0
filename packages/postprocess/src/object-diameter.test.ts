import { expect, test } from '@jest/globals';
import { discDiameter, medianDiameter, medianDiameterByArea } from './object-diameter.ts';

test('discDiameter turns the area of a disc into its diameter', () => {
  expect(discDiameter(Math.PI * 25)).toBeCloseTo(10, 12);
});

test.each<[string, number[], number | null]>([
  ['none', [], null],
  ['one', [4], 4],
  ['three: the middle one', [9, 1, 4], 4],
  ['four: between the middle two', [16, 1, 9, 4], 6.5],
])('medianDiameter of %s', (_, diameters, expected) => {
  const found = medianDiameter(diameters.map((diameter) => (Math.PI * diameter ** 2) / 4));
  expect(found).toEqual(expected === null ? null : expect.closeTo(expected, 10));
});

test.each<[string, number[], number | null]>([
  ['none', [], null],
  ['one', [4], 4],
  ['two: the larger', [2, 3], 3],
  ['four specks beside one object: the object', [1, 1, 1, 1, 5], 5],
  ['equal ones', [6, 6, 6], 6],
])('medianDiameterByArea of %s', (_, diameters, expected) => {
  const found = medianDiameterByArea(diameters.map((diameter) => (Math.PI * diameter ** 2) / 4));
  expect(found).toEqual(expected === null ? null : expect.closeTo(expected, 10));
});
