import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pairwiseIou } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/tensor-ops/testing';
import { anyBoxes } from '../test/any-boxes.ts';
import { BACKGROUND, IGNORED, matchBoxes, matchOverlaps } from './match-boxes.ts';

const rpn = { positiveIou: 0.7, negativeIou: 0.3, forceBest: true };
const roi = { positiveIou: 0.5, negativeIou: 0.5, forceBest: false };
const rows = (...overlaps: number[][]): Float32Array[] => overlaps.map((row) => new Float32Array(row));

describe('matchBoxes', () => {
  test('matches, ignores and refuses by overlap', () => {
    // Candidates of width 10 against a truth of width 10, shifted by 0, 4 and 8: IoU 1, 6/14 and 2/18.
    const candidates = new Float32Array([0, 0, 10, 10, 0, 4, 10, 14, 0, 8, 10, 18]);
    const truth = new Float32Array([0, 0, 10, 10]);
    expect([...matchBoxes(candidates, truth, rpn, 'continuous')]).toEqual([0, IGNORED, BACKGROUND]);
    expect([...matchBoxes(candidates, truth, roi, 'continuous')]).toEqual([0, BACKGROUND, BACKGROUND]);
  });

  test('forces every candidate that ties for the best overlap of a truth', () => {
    const candidates = new Float32Array([0, 2, 10, 12, 0, -2, 10, 8, 0, 5, 10, 15]);
    const truth = new Float32Array([0, 0, 10, 10]);
    expect([...matchBoxes(candidates, truth, rpn, 'continuous')]).toEqual([0, 0, IGNORED]);
    expect([...matchBoxes(candidates, truth, { ...rpn, forceBest: false }, 'continuous')]).toEqual([-2, -2, -2]);
  });

  test('gives a forced candidate the truth that it overlaps most itself', () => {
    // The only candidate is the best of both truths.
    expect([...matchOverlaps(rows([0.2], [0.4]), 1, rpn, 'continuous')]).toEqual([1]);
  });

  test('forces nothing onto a truth that overlaps nothing, except under legacy geometry', () => {
    expect([...matchOverlaps(rows([0, 0]), 2, rpn, 'continuous')]).toEqual([BACKGROUND, BACKGROUND]);
    expect([...matchOverlaps(rows([0, 0]), 2, rpn, 'legacy')]).toEqual([0, 0]);
  });

  test('never gives a truth below the limit, nor background above it, nor skips what is clear', () => {
    fc.assert(
      fc.property(anyBoxes({ maxLength: 12 }), anyBoxes({ maxLength: 5 }), (candidates, truth) => {
        const matches = matchBoxes(candidates, truth, { ...rpn, forceBest: false }, 'continuous');
        const overlaps = pairwiseIou(candidates, truth, 'continuous');
        const count = truth.length / 4;
        matches.forEach((match, index) => {
          const own = overlaps.subarray(index * count, (index + 1) * count);
          const best = Math.max(0, ...own);
          if (match >= 0) expect(own[match]).toBe(best);
          expect(match >= 0).toBe(best >= Math.fround(0.7));
          expect(match === BACKGROUND).toBe(best < Math.fround(0.3));
        });
      }),
    );
  });

  test('leaves no truth that overlaps something without a forced candidate', () => {
    fc.assert(
      fc.property(anyBoxes({ maxLength: 12 }), anyBoxes({ maxLength: 5 }), (candidates, truth) => {
        const matches = matchBoxes(candidates, truth, rpn, 'continuous');
        const overlaps = pairwiseIou(truth, candidates, 'continuous');
        const count = matches.length;
        for (let row = 0; row < truth.length / 4; row++) {
          const own = overlaps.subarray(row * count, (row + 1) * count);
          const best = Math.max(0, ...own);
          if (best > 0) own.forEach((overlap, index) => overlap === best && expect(matches[index]).toBeGreaterThan(-1));
        }
      }),
    );
  });

  test.each([
    ['match_rpn', rpn],
    ['match_roi', roi],
  ])('matches the reference: %s', (name, rule) => {
    const { plain } = golden('iou_matcher');
    const [candidates, truth] = [boxesFromXyxy(plain('proposals')), boxesFromXyxy(plain('gt'))];
    expect([...matchBoxes(candidates, truth, rule, 'legacy')]).toEqual([...plain(name).data]);
  });

  test.each([
    ['q_match_rpn', rpn],
    ['q_match_roi', roi],
  ])('matches the reference on ties: %s', (name, rule) => {
    const { plain } = golden('iou_matcher');
    const q = plain('q');
    const [truthCount, count] = q.shape;
    const overlaps = Array.from(
      { length: truthCount },
      (_, row) => q.data.subarray(row * count, (row + 1) * count) as Float32Array,
    );
    expect([...matchOverlaps(overlaps, count, rule, 'legacy')]).toEqual([...plain(name).data]);
  });

  test('calls everything background without a truth, and gives nothing without candidates', () => {
    const none = new Float32Array(0);
    expect([...matchBoxes(new Float32Array(8), none, rpn, 'continuous')]).toEqual([BACKGROUND, BACKGROUND]);
    expect([...matchBoxes(new Float32Array(8), none, rpn, 'legacy')]).toEqual([BACKGROUND, BACKGROUND]);
    expect(matchBoxes(none, new Float32Array([0, 0, 5, 5]), rpn, 'legacy').length).toBe(0);
  });
});
