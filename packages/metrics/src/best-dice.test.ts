import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { bestDicePredicted, bestDiceTruth, countDifference, symmetricBestDice } from './best-dice.ts';
import { overlapTable } from './overlap-table.ts';

describe('best Dice', () => {
  test('averages over the objects of one side', () => {
    const table = overlapTable(draw('1122..'), draw('1111.2'));
    expect(bestDiceTruth(table)).toBe((4 / 6 + 0) / 2);
    expect(bestDicePredicted(table)).toBe((4 / 6 + 4 / 6) / 2);
    expect(symmetricBestDice(table)).toBe(4 / 6 / 2);
    expect(countDifference(table)).toBe(0);
  });

  test('a prediction may be the best of several objects', () => {
    expect(bestDiceTruth(overlapTable(draw('1111'), draw('1122')))).toBe(4 / 6);
  });

  test.each([
    ['both maps are empty', draw('..'), draw('..'), null, 0],
    ['the truth is empty', draw('12'), draw('..'), 0, 2],
    ['the prediction is empty', draw('..'), draw('12'), 0, -2],
    ['there is no background', draw('12'), draw('12'), 1, 0],
    ['ids have gaps', draw('3.9'), draw('7.8'), 1, 0],
  ])('when %s', (_, prediction, truth, expected, difference) => {
    const table = overlapTable(prediction, truth);
    for (const score of [bestDiceTruth, bestDicePredicted, symmetricBestDice]) expect(score(table)).toBe(expected);
    expect(countDifference(table)).toBe(difference);
  });
});
