import { describe, expect, test } from '@jest/globals';
import type { Detections } from '@pffnet/structures';
import { golden } from '@pffnet/structures/testing';
import { keepConfident } from './keep-confident.ts';

const scored = (classScores: ArrayLike<number>, qualities: ArrayLike<number> | null): Detections => ({
  count: classScores.length,
  boxes: new Float32Array(classScores.length * 4),
  classScores: Float32Array.from(classScores),
  qualities: qualities === null ? null : Float32Array.from(qualities),
  maskSide: 0,
  masks: new Float32Array(0),
});

describe('keepConfident', () => {
  test('selects by class score and ranks by class score times quality', () => {
    const { order, confidences } = keepConfident(scored([0.75, 1, 0.25], [1, 0.5, 1]), 0.5);
    expect(order).toEqual([0, 1]);
    expect([...confidences]).toEqual([0.75, 0.5, 0.25]);
  });

  test.each([
    ['ranks by class score without qualities', [0.75, 1], null, [1, 0]],
    ['leaves equal ones in their order', [0.75, 0.75, 0.75], [1, 1, 1], [0, 1, 2]],
    ['takes no quality above 1', [1, 0.75], [0.5, 9], [1, 0]],
    ['ranks a quality that is not a number last', [1, 0.75], [NaN, 0.5], [1, 0]],
    ['keeps nothing of nothing', [], [], []],
  ])('%s', (_, scores, qualities, expected) => {
    expect(keepConfident(scored(scores, qualities), 0.5).order).toEqual(expected);
  });

  test('a learned rank decides the order, and the class score what is kept', () => {
    const learned = { ...scored([0.75, 1, 0.25], [1, 1, 1]), ranks: Float32Array.of(0.5, 0.25, 1) };
    const { order, confidences } = keepConfident(learned, 0.5);
    expect(order).toEqual([0, 1]);
    expect([...confidences]).toEqual([0.5, 0.25, 1]);
  });

  test('leaves out a score that equals the threshold in float32', () => {
    expect(Math.fround(0.6)).toBeGreaterThan(0.6);
    expect(keepConfident(scored([0.6], null), 0.6).order).toEqual([]);
  });

  test.each([
    ['0p5', 0.5],
    ['0p35', 0.35],
  ])('matches the reference above %s', (name, minScore) => {
    const { plain } = golden('postprocess');
    const qualities = Array.from(plain('quality_pred').data).filter((_, at) => at % 2 === 1);
    const { order, confidences } = keepConfident(scored(plain('scores').data, qualities), minScore);
    expect(order).toEqual([...plain(`order_${name}`).data]);
    // The release lets a quality above 1 raise the score; ours stops at the class score.
    const expected = Array.from(plain('rank_score').data, (score, index) =>
      Math.min(score, plain('scores').data[index]),
    );
    expect(confidences).toBeAllClose(expected, plain('rank_score'));
  });
});
