import { describe, expect, test } from '@jest/globals';
import type { RuleGrid, RuleSettings } from '@pffnet/network';
import { combinationsOf, searchSettings } from './search-settings.ts';

const before: RuleSettings = { minScore: 0.5, nms: 0.3, maskThreshold: 0.5, dropCoveredAbove: 1 };
const grid: RuleGrid = {
  nms: [0.3, 0.5],
  maskThreshold: [0.5],
  dropCoveredAbove: [0.7, 1],
  minScore: [0.4, 0.5, 0.6],
};
const combinations = combinationsOf(grid);

/** Scores of one image under every combination. */
const image = (score: (settings: RuleSettings) => number | null): (number | null)[] => combinations.map(score);

describe('combinationsOf', () => {
  test('holds every combination once, the first key varying slowest', () => {
    expect(combinations).toHaveLength(3 * 2 * 2);
    expect(new Set(combinations.map((settings) => JSON.stringify(settings))).size).toBe(12);
    expect(combinations.map(({ nms }) => nms)).toEqual([...Array(6).fill(0.3), ...Array(6).fill(0.5)]);
  });
});

describe('searchSettings', () => {
  test('finds the combination of highest mean score', () => {
    const wanted = image(({ minScore, nms }) => (minScore === 0.6 ? 0.2 : 0) + (nms === 0.5 ? 0.1 : 0));
    const flat = image(() => 0.5);
    const { before: old, tuned, tried } = searchSettings(combinations, [wanted, flat], before);
    expect(tuned.settings).toMatchObject({ minScore: 0.6, nms: 0.5 });
    expect([old.score, tuned.score, tried]).toEqual([0.25, expect.closeTo(0.4, 12), 12]);
  });

  test('changes nothing without need', () => {
    const coveredMatters = image(({ minScore }) => (minScore === 0.4 ? 0.9 : 0.1));
    expect(searchSettings(combinations, [coveredMatters], before).tuned.settings).toEqual({ ...before, minScore: 0.4 });
    expect(searchSettings(combinations, [image(() => 0.5)], before).tuned.settings).toEqual(before);
    // A difference by rounding is none.
    const rounded = image(({ nms }) => (nms === 0.5 ? 0.5 + 1e-15 : 0.5));
    expect(searchSettings(combinations, [rounded], before).tuned.settings).toEqual(before);
  });

  test('scores each image under the settings that the others choose', () => {
    // Both like a threshold of their own and do badly under that of the other.
    const low = image(({ minScore }) => (minScore === 0.4 ? 1 : minScore === 0.5 ? 0.5 : 0));
    const high = image(({ minScore }) => (minScore === 0.6 ? 1 : minScore === 0.5 ? 0.5 : 0));
    const { tuned, heldOut } = searchSettings(combinations, [low, high], before);
    expect([tuned.settings, tuned.score, heldOut]).toEqual([before, 0.5, 0]);
    expect(searchSettings(combinations, [low, low], before).heldOut).toBe(1);
    expect(searchSettings(combinations, [low], before).heldOut).toBeNull();
  });

  test('leaves undefined scores out of the mean', () => {
    const none = image(() => null);
    const some = image(({ minScore }) => minScore);
    expect(searchSettings(combinations, [none, some], before).tuned).toMatchObject({ score: 0.6 });
    expect(searchSettings(combinations, [none], before).tuned).toEqual({ settings: before, score: null });
    expect(searchSettings(combinations, [], before).tuned).toEqual({ settings: before, score: null });
  });

  test('tells how much each setting matters: the best that each value allows', () => {
    const scores = image(({ minScore, nms }) => minScore * (nms === 0.5 ? 1 : 0.5));
    const { profiles } = searchSettings(combinations, [scores], before);
    expect(profiles.nms).toEqual([
      { value: 0.3, score: 0.3 },
      { value: 0.5, score: 0.6 },
    ]);
    expect(profiles.minScore.map(({ score }) => score)).toEqual([0.4, 0.5, 0.6]);
    expect(profiles.maskThreshold).toEqual([{ value: 0.5, score: 0.6 }]);
  });
});
