import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { cvpppStrict } from './cvppp-strict.ts';
import { overlapTable } from './overlap-table.ts';

describe('cvpppStrict', () => {
  test('counts gaps in the numbering as objects that score 0', () => {
    expect(cvpppStrict(overlapTable(draw('1.5'), draw('1.2')))).toEqual({
      bestDiceTruth: 1,
      bestDicePredicted: 2 / 5,
      sbd: 2 / 5,
      foregroundBackgroundDice: 1,
      countDifference: 3,
      absoluteCountDifference: 3,
    });
  });

  test('takes the smallest label for background where no pixel is 0', () => {
    // Truth: label 3 is lost, 4 and 5 remain. The prediction has background.
    expect(cvpppStrict(overlapTable(draw('1122..'), draw('334455')))).toEqual({
      bestDiceTruth: 1 / 2,
      bestDicePredicted: 1 / 2,
      sbd: 1 / 2,
      foregroundBackgroundDice: (2 * 2) / (4 + 4),
      countDifference: 0,
      absoluteCountDifference: 0,
    });
  });

  test.each([
    ['both maps are empty', draw('..'), draw('..'), null, 0],
    ['the truth is empty', draw('.2'), draw('..'), 0, 2],
    ['the prediction is empty', draw('..'), draw('.1'), 0, -1],
    ['a single label fills the map', draw('77'), draw('77'), null, 0],
  ])('when %s', (_, prediction, truth, foregroundBackgroundDice, countDifference) => {
    expect(cvpppStrict(overlapTable(prediction, truth))).toEqual({
      bestDiceTruth: 0,
      bestDicePredicted: 0,
      sbd: 0,
      foregroundBackgroundDice,
      countDifference,
      absoluteCountDifference: Math.abs(countDifference),
    });
  });
});
