import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import type { ImageScores } from './image-scores.ts';
import { overlapTable } from './overlap-table.ts';
import { scoreImage } from './score-image.ts';
import type { ScorePolicy } from './score-policy.ts';
import { pooledScores, summarise } from './summarise.ts';
import { tallyOverlaps } from './tally.ts';

const policy = (emptyAs: ScorePolicy['emptyAs']): ScorePolicy => ({ emptyAs, numbering: 'objects' });
const skip = policy('skip');

const good = scoreImage('good', draw('11.22'), draw('11.22'));
const bad = scoreImage('bad', draw('.....'), draw('11.22'));
const empty = scoreImage('empty', draw('.....'), draw('.....'));

describe('summarise', () => {
  test('gives mean and population standard deviation over images', () => {
    const { mean, std, images, warnings } = summarise([good, bad], skip);
    expect(images).toEqual([good, bad]);
    expect(mean).toMatchObject({ aji: 0.5, f1: 0.5, truthCount: 2, predictedCount: 1, countDifference: -1 });
    expect(std).toMatchObject({ aji: 0.5, f1: 0.5, truthCount: 0, predictedCount: 1, countDifference: 1 }); // n, not n - 1
    expect(warnings).toEqual([]);
  });

  test.each([
    ['skip', 0.5, 0.5],
    ['one', 2 / 3, Math.sqrt(2 / 9)],
    ['zero', 1 / 3, Math.sqrt(2 / 9)],
  ] as const)('treats what is undefined as the policy says: %s', (emptyAs, mean, std) => {
    const summary = summarise([good, bad, empty], policy(emptyAs));
    expect(summary.policy).toEqual(policy(emptyAs));
    expect(summary.mean.aji).toBeCloseTo(mean, 15);
    expect(summary.std.aji).toBeCloseTo(std, 15);
    expect(summary.mean.truthCount).toBeCloseTo(4 / 3, 15);
    expect(summary.images[2].aji).toBeNull();
  });

  test('says what it did, once per score, with the number of images', () => {
    const named = (name: string): ImageScores => ({ ...empty, name });
    const { warnings } = summarise([good, ...['b', 'c', 'd', 'e'].map(named)], skip);
    expect(warnings).toHaveLength(13); // all but the counts
    expect(warnings[0]).toBe(
      'aji: undefined in 4 of 5 images, where neither map has an object; left out of the mean (b, c, d, …)',
    );
    expect(summarise([empty], policy('one')).warnings[0]).toBe(
      'aji: undefined in 1 of 1 images, where neither map has an object; counted as one (empty)',
    );
  });

  test('has no mean without a defined score or without images', () => {
    expect(summarise([empty], skip).mean).toMatchObject({ aji: null, truthCount: 0 });
    expect(summarise([], skip)).toMatchObject({
      mean: { aji: null, truthCount: null },
      std: { aji: null },
      warnings: [],
    });
  });
});

describe('pooledScores', () => {
  const pairs = [
    [draw('1111....2'), draw('.111..22.')],
    [draw('123456789'), draw('123456789')],
    [draw('.........'), draw('.........')],
  ] as const;
  const tallies = pairs.map(([prediction, truth]) => tallyOverlaps(overlapTable(prediction, truth), skip));

  test('weighs objects and pixels, not images', () => {
    expect(pooledScores(tallies, skip)).toEqual({
      name: 'pooled',
      truthCount: 11,
      predictedCount: 11,
      aji: (3 + 9) / (4 + 2 + 1 + 9),
      ajiPlus: 12 / 16,
      ajiOnce: 12 / 16,
      ajiOnceLegacy: 12 / 16,
      dice: (2 * 12) / (5 + 5 + 18),
      ensembleDice: (2 * 12) / (7 + 18),
      f1: 20 / 22,
      dq: 20 / 22,
      sq: (3 / 4 + 9) / 10,
      pq: (20 / 22) * ((3 / 4 + 9) / 10),
      sbd: (6 / 7 + 9) / 11,
      bestDiceTruth: (6 / 7 + 9) / 11,
      bestDicePredicted: (6 / 7 + 9) / 11,
      countDifference: 0,
      absoluteCountDifference: 0,
    });
  });

  test('of one image are its scores', () => {
    const [prediction, truth] = pairs[0];
    expect(pooledScores([tallies[0]], skip)).toEqual({ ...scoreImage('', prediction, truth, skip), name: 'pooled' });
  });

  test('add up the size of every count difference, which must not cancel out', () => {
    const more = tallyOverlaps(overlapTable(draw('1.2'), draw('1..')), skip);
    const fewer = tallyOverlaps(overlapTable(draw('1..'), draw('1.2')), skip);
    expect(pooledScores([more, fewer], skip)).toMatchObject({ countDifference: 0, absoluteCountDifference: 2 });
  });

  test('of none are undefined', () => {
    expect(pooledScores([], skip)).toMatchObject({ truthCount: 0, aji: null, pq: null, sbd: null });
  });
});
