import { describe, expect, test } from '@jest/globals';
import { randomStream, ShapeError } from '@pffnet/structures';
import { draw } from '../test/draw.ts';
import { compareScores } from './compare-scores.ts';
import type { ImageScores, ScoreName } from './image-scores.ts';
import { scoreImage } from './score-image.ts';
import { bootstrapInterval } from './statistics/bootstrap-interval.ts';
import { pairedTTest } from './statistics/paired-t-test.ts';
import { wilcoxonSignedRank } from './statistics/wilcoxon-signed-rank.ts';

const template = scoreImage('', draw('1'), draw('1'));
/** Images whose AJI and PQ are given; all other scores are 1. */
const images = (aji: readonly (number | null)[], pq: readonly (number | null)[] = aji): ImageScores[] =>
  aji.map((value, index) => ({ ...template, name: `image_${index}`, aji: value, pq: pq[index] }));

const streamOf = (score: ScoreName) => randomStream(3, `compare/${score}`);
const options = { policy: { emptyAs: 'skip', numbering: 'objects' }, streamOf, resamples: 500 } as const;

const ours = [0.6, 0.7, 0.5, 0.8];
const theirs = [0.5, 0.65, 0.55, 0.6];

describe('compareScores', () => {
  test('gives means, the difference and both tests of each score', () => {
    const { aji } = compareScores(images(ours), images(theirs), { ...options, scores: ['aji'] });
    const differences = ours.map((value, index) => value - theirs[index]);
    const { estimate, low, high } = bootstrapInterval(differences, { stream: streamOf('aji'), resamples: 500 });
    const t = pairedTTest(ours, theirs);
    const wilcoxon = wilcoxonSignedRank(ours, theirs);
    expect(aji).toEqual({
      count: 4,
      mean: expect.closeTo(0.65, 12),
      otherMean: expect.closeTo(0.575, 12),
      difference: { mean: estimate, low, high },
      tTest: { ...t, holm: t.p },
      wilcoxon: { ...wilcoxon, holm: wilcoxon.p },
    });
  });

  test('corrects for all scores that are compared, each test on its own', () => {
    const [a, b] = [images(ours, [0.9, 0.8, 0.9, 0.7]), images(theirs, [0.1, 0.2, 0.1, 0.2])];
    const { aji, pq } = compareScores(a, b, { ...options, scores: ['aji', 'pq'] });
    expect(pq.tTest.p).toBeLessThan(aji.tTest.p!);
    expect([pq.tTest.holm, aji.tTest.holm]).toEqual([2 * pq.tTest.p!, aji.tTest.p]);
    // Exact p of four pairs: 1 / 16 where all differences are positive, 3 / 16 where the smallest is not.
    expect([pq.wilcoxon.holm, aji.wilcoxon.holm]).toEqual([2 / 16, 3 / 16]);
  });

  test('leaves out images that the policy leaves out, of both', () => {
    const [a, b] = [images([0.5, null, 0.7, null]), images([0.4, 0.2, null, null])];
    expect(compareScores(a, b, { ...options, scores: ['aji'] }).aji).toMatchObject({
      count: 1,
      mean: 0.5,
      otherMean: 0.4,
      tTest: { p: null, holm: null },
    });
  });

  test('counts them where it gives them a value', () => {
    const [a, b] = [images([null, 0.5]), images([0, 0.5])];
    const policy = { emptyAs: 'one', numbering: 'objects' } as const;
    // Finding nothing where nothing is beats finding something.
    expect(compareScores(a, b, { ...options, policy, scores: ['aji'] }).aji).toMatchObject({
      count: 2,
      mean: 0.75,
      otherMean: 0.25,
      difference: { mean: 0.5 },
    });
  });

  test('of no images has no result', () => {
    expect(compareScores([], [], { ...options, scores: ['aji'] }).aji).toMatchObject({
      count: 0,
      mean: null,
      difference: { mean: null, low: null, high: null },
      tTest: { p: null },
      wilcoxon: { p: null },
    });
  });

  test('refuses different images', () => {
    const compare = () => compareScores(images([1, 1]), images([1]), { ...options, scores: ['aji'] });
    expect(compare).toThrow(ShapeError);
    expect(compare).toThrow('expected the same images in the same order, got image_0, image_1 and image_0');
  });
});
