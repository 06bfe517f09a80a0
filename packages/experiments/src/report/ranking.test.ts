import { describe, expect, test } from '@jest/globals';
import { rank, spearman } from './ranking.ts';

describe('spearman', () => {
  test('by hand: ranks 1 2 3 4 against 2 1 4 3', () => {
    // 1 - 6 * (1 + 1 + 1 + 1) / (4 * 15)
    expect(spearman([0.1, 0.2, 0.3, 0.4], [5, 1, 9, 7])).toBeCloseTo(0.6, 12);
  });

  test('equal values share a rank, as SciPy has it', () => {
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4]) = 0.9486832980505138
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  });

  test('is 1 for any rising function, null where nothing varies or there is too little', () => {
    const x = [3, 1, 2, 5];
    expect(spearman(x, x.map(Math.exp))).toBeCloseTo(1, 12);
    expect([spearman([1, 1, 1], [1, 2, 3]), spearman([1, 2], [1, 2])]).toEqual([null, null]);
  });
});

describe('rank', () => {
  test('tells a quality that ranks from a class score that does not', () => {
    const instances = Array.from({ length: 40 }, (_, at) => ({
      image: `image_${at % 5}`,
      iou: at / 40,
      quality: 0.5 + at / 80,
      classScore: ((at * 17) % 40) / 40,
    }));
    const { byQuality, byClass, gain } = rank(instances);
    expect(byQuality).toBeCloseTo(1, 12);
    expect(Math.abs(byClass!)).toBeLessThan(0.5);
    expect(gain.low).toBeGreaterThan(0);
  });

  test('has no interval for a single image, and nothing to say of nothing', () => {
    expect(rank([])).toMatchObject({ byClass: null, byQuality: null, gain: { estimate: null } });
  });
});
