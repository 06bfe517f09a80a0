import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap } from '@pffnet/tensor-ops/structures';
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
      f1: 2 / 3,
      dq: 2 / 3,
      sq: 4 / 6,
      pq: (2 / 3) * (4 / 6),
      sbd: (4 / 8 + 8 / 10) / 2,
      bestDiceTruth: (4 / 8 + 8 / 10) / 2,
      bestDicePredicted: 8 / 10,
      countDifference: -1,
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
      aji: 1,
    });
  });

  test('two empty maps have no score but in the challenge', () => {
    const [empty, policy] = [draw('..'), { emptyAs: 'skip', numbering: 'cvppp-strict' } as const];
    const { name, truthCount, predictedCount, countDifference, ...scores } = scoreImage('empty', empty, empty);
    expect([name, truthCount, predictedCount, countDifference]).toEqual(['empty', 0, 0, 0]);
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
