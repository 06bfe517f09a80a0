import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap } from '@pffnet/structures';
import { draw } from '../test/draw.ts';
import { scoreNames } from './image-scores.ts';
import { scoreImage } from './score-image.ts';

describe('scoreImage', () => {
  test('gives every score under the name that `evaluate --json` writes', () => {
    const scores = scoreImage('plant001', draw('111111'), draw('112222'));
    expect(scores).toEqual({
      name: 'plant001',
      truthCount: 2,
      predictedCount: 1,
      aji: 0.5,
      ajiPlus: 0.5,
      ajiOnce: 0.2,
      ajiOnceLegacy: 0.2,
      dice: 1,
      ensembleDice: 12 / (2 + 6 + 4 + 6),
      f1: 2 / 3,
      dq: 2 / 3,
      sq: 4 / 6,
      pq: (2 / 3) * (4 / 6),
      sbd: (4 / 8 + 8 / 10) / 2,
      bestDiceTruth: (4 / 8 + 8 / 10) / 2,
      bestDicePredicted: 8 / 10,
      countDifference: -1,
      absoluteCountDifference: 1,
    });
    expect(Object.keys(scores)).toEqual(['name', ...scoreNames]);
  });

  test('follows the challenge where the policy says so', () => {
    const gap = draw('1.5');
    const truth = draw('1.2');
    expect(scoreImage('a', gap, truth)).toMatchObject({ sbd: 1, countDifference: 0 });
    expect(scoreImage('a', gap, truth, { emptyAs: 'skip', numbering: 'cvppp-strict' })).toMatchObject({
      sbd: 0.4,
      bestDiceTruth: 1,
      bestDicePredicted: 0.4,
      countDifference: 3,
      absoluteCountDifference: 3,
      aji: 1,
    });
  });

  test("takes the challenge's background for Dice too", () => {
    // No pixel is 0: label 3 is background in the truth, nothing of the prediction is.
    const [prediction, truth] = [draw('1122..'), draw('334455')];
    expect(scoreImage('a', prediction, truth).dice).toBe((2 * 4) / (4 + 6));
    expect(scoreImage('a', prediction, truth, { emptyAs: 'skip', numbering: 'cvppp-strict' }).dice).toBe(0.5);
  });

  test('two empty maps have no score but in the challenge', () => {
    const [empty, policy] = [draw('..'), { emptyAs: 'skip', numbering: 'cvppp-strict' } as const];
    const { name, truthCount, predictedCount, countDifference, absoluteCountDifference, ...scores } = scoreImage(
      'empty',
      empty,
      empty,
    );
    expect([name, truthCount, predictedCount, countDifference, absoluteCountDifference]).toEqual(['empty', 0, 0, 0, 0]);
    expect(new Set(Object.values(scores))).toEqual(new Set([null]));
    expect(scoreImage('empty', empty, empty, policy)).toMatchObject({ sbd: 0, aji: null });
  });

  test('names the image and both sizes when they differ', () => {
    const score = () => scoreImage('TCGA-01', labelMap(1000, 999), labelMap(1000, 1000));
    expect(score).toThrow(DataError);
    expect(score).toThrow(
      'TCGA-01: the prediction has 1000 x 999 and the truth 1000 x 1000 pixels (height x width); compare label maps of the same image at the same size',
    );
  });
});
