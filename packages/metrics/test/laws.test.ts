import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  aji,
  ajiOnce,
  ajiOnceLegacy,
  ajiPlus,
  bestDicePredicted,
  bestDiceTruth,
  countDifference,
  cvpppStrict,
  dice,
  ensembleDice,
  objectF1,
  objectF1Counts,
  type OverlapTable,
  overlapTable,
  panopticQuality,
  symmetricBestDice,
} from '../src/index.ts';
import { BruteForce } from './brute-force.ts';
import { draw } from './draw.ts';
import { labelMapPairs, type Pair, relabelled, renumberings } from './label-map-pairs.ts';

fc.configureGlobal({ seed: 20_210_127, numRuns: 300 });

type Metric = (table: OverlapTable) => number | null;

const metrics: Record<string, Metric> = {
  aji,
  ajiPlus,
  ajiOnce,
  ajiOnceLegacy,
  dice,
  ensembleDice,
  f1: objectF1,
  dq: (table) => panopticQuality(table).dq,
  sq: (table) => panopticQuality(table).sq,
  pq: (table) => panopticQuality(table).pq,
  'pq at 0.2': (table) => panopticQuality(table, { iouThreshold: 0.2 }).pq,
  bestDiceTruth,
  bestDicePredicted,
  sbd: symmetricBestDice,
};
const each = Object.entries(metrics);
const named = (...names: string[]): [string, Metric][] => names.map((name) => [name, metrics[name]]);

const tableOf = ({ prediction, truth }: Pair): OverlapTable => overlapTable(prediction, truth);
const holds = (property: (pair: Pair) => void): void => fc.assert(fc.property(labelMapPairs, property));

/** Equal up to rounding; null only equals null. */
const expectSame = (got: number | null, expected: number | null): void => {
  if (expected === null || got === null) expect(got).toBe(expected);
  else expect(got).toBeCloseTo(expected, 12);
};

describe('every metric', () => {
  test.each(each)('%s of a perfect prediction is 1, and null without objects', (_, metric) => {
    holds(({ truth }) => {
      const table = overlapTable(truth, truth);
      expect(metric(table)).toBe(table.truthIds.length === 0 ? null : 1);
    });
  });

  test.each(each)('%s lies within 0..1 and is null only without any object', (_, metric) => {
    holds((pair) => {
      const table = tableOf(pair);
      const value = metric(table);
      expect(value === null).toBe(table.truthIds.length + table.predictedIds.length === 0);
      if (value === null) return;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    });
  });

  test.each(each)('%s does not see gaps in the numbering', (_, metric) => {
    holds(({ prediction, truth }) => {
      const spread = (id: number): number => (id < 1000 ? id * 7 + 3 : id - 5); // keeps the order
      const sparse = overlapTable(relabelled(prediction, spread), relabelled(truth, spread));
      expect(metric(sparse)).toBe(metric(overlapTable(prediction, truth)));
    });
  });

  test.each(named('dice', 'ensembleDice', 'f1', 'dq', 'sq', 'pq', 'bestDiceTruth', 'bestDicePredicted', 'sbd'))(
    '%s does not depend on which id an object has',
    (_, metric) => {
      fc.assert(
        fc.property(labelMapPairs, renumberings, renumberings, (pair, first, second) => {
          const renumbered = overlapTable(relabelled(pair.prediction, first), relabelled(pair.truth, second));
          expectSame(metric(renumbered), metric(tableOf(pair)));
        }),
      );
    },
  );

  test('aji and ajiPlus depend on ids only at ties', () => {
    fc.assert(
      fc.property(labelMapPairs, renumberings, renumberings, (pair, first, second) => {
        const renumbered = overlapTable(relabelled(pair.prediction, first), relabelled(pair.truth, second));
        const brute = new BruteForce(pair.prediction, pair.truth);
        if (!brute.hasTies()) expectSame(aji(renumbered), aji(tableOf(pair)));
        if (brute.ajiPlusCandidates().length === 1) expectSame(ajiPlus(renumbered), ajiPlus(tableOf(pair)));
      }),
    );
  });

  test.each(named('dice', 'ensembleDice', 'dq', 'sq', 'pq', 'sbd'))(
    '%s is the same with the maps exchanged',
    (_, m) => {
      holds(({ prediction, truth }) =>
        expectSame(m(overlapTable(truth, prediction)), m(overlapTable(prediction, truth))),
      );
    },
  );

  test('ajiPlus is the same with the maps exchanged where the best pairing is unique', () => {
    holds(({ prediction, truth }) => {
      if (new BruteForce(prediction, truth).ajiPlusCandidates().length > 1) return;
      expectSame(ajiPlus(overlapTable(truth, prediction)), ajiPlus(overlapTable(prediction, truth)));
    });
  });

  test('best Dice changes sides and the count difference its sign with the maps exchanged', () => {
    holds(({ prediction, truth }) => {
      const table = overlapTable(prediction, truth);
      const exchanged = overlapTable(truth, prediction);
      expect(bestDiceTruth(exchanged)).toBe(bestDicePredicted(table));
      expect(countDifference(exchanged) + countDifference(table)).toBe(0);
    });
  });

  // The chosen pairs' intersections are disjoint parts of P ∩ G, and their unions with the rest cover P ∪ G.
  test.each(named('aji', 'ajiPlus', 'ajiOnce', 'ajiOnceLegacy'))(
    '%s is at most the Jaccard index of the foreground',
    (_, m) => {
      holds((pair) => {
        const pixels = dice(tableOf(pair));
        if (pixels === null) return;
        expect(m(tableOf(pair))).toBeLessThanOrEqual(pixels / (2 - pixels) + 1e-12);
      });
    },
  );

  test('PQ is the product of its factors, and its counts add up to the objects', () => {
    holds((pair) => {
      const table = tableOf(pair);
      const { dq, sq, pq, tp, fp, fn } = panopticQuality(table);
      if (dq !== null && sq !== null) expect(pq).toBe(dq * sq);
      expect([tp + fp, tp + fn]).toEqual([table.predictedIds.length, table.truthIds.length]);
    });
  });

  test('PQ of a perfect prediction falls when two objects are merged or one is split', () => {
    const truth = draw('11.22', '11.22', '.....', '3333.');
    expect(panopticQuality(overlapTable(draw('11.11', '11.11', '.....', '3333.'), truth)).pq).toBeLessThan(1);
    expect(panopticQuality(overlapTable(draw('11.22', '11.22', '.....', '3344.'), truth)).pq).toBeLessThan(1);
    holds(({ truth: labels }) => {
      const { truthIds } = overlapTable(labels, labels);
      if (truthIds.length < 2) return;
      const merged = relabelled(labels, (id) => (id === truthIds[1] ? truthIds[0] : id));
      expect(panopticQuality(overlapTable(merged, labels)).pq).toBeLessThan(1);
    });
  });
});

describe('brute force on sets of pixels agrees on', () => {
  const agrees = (ours: Metric, theirs: (brute: BruteForce) => number | null): void =>
    holds(({ prediction, truth }) =>
      expectSame(ours(overlapTable(prediction, truth)), theirs(new BruteForce(prediction, truth))),
    );

  test('aji', () => agrees(aji, (brute) => brute.aji()));
  test('ajiOnce', () => agrees(ajiOnce, (brute) => brute.ajiOnce()));
  test('ajiOnceLegacy', () => agrees(ajiOnceLegacy, (brute) => brute.ajiOnceLegacy()));
  test('dice', () => agrees(dice, (brute) => brute.dice()));
  test('best Dice of the truth', () => agrees(bestDiceTruth, (brute) => brute.bestDiceTruth()));
  test('best Dice of the prediction', () => agrees(bestDicePredicted, (brute) => brute.bestDicePredicted()));

  test('ajiPlus, up to pairings of equal value', () => {
    holds(({ prediction, truth }) => {
      const candidates = new BruteForce(prediction, truth).ajiPlusCandidates();
      const value = ajiPlus(overlapTable(prediction, truth));
      if (value === null) expect(candidates).toEqual([null]);
      else expect(Math.min(...candidates.map((candidate) => Math.abs(candidate! - value)))).toBeLessThan(1e-12);
    });
  });

  test('the objects that object F1 counts', () => {
    holds(({ prediction, truth }) => {
      const { truePositives } = objectF1Counts(overlapTable(prediction, truth));
      expect(truePositives).toBe(new BruteForce(prediction, truth).found());
    });
  });

  test('the pairs that PQ matches', () => {
    holds(({ prediction, truth }) => {
      const ious = new BruteForce(prediction, truth).iousAbove(0.5);
      const { tp, iouSum } = panopticQuality(overlapTable(prediction, truth));
      expect(tp).toBe(ious.length);
      expect(iouSum).toBeCloseTo(
        ious.reduce((sum, iou) => sum + iou, 0),
        12,
      );
    });
  });

  test('the challenge scores, which are those of objects when ids are 1..n and there is background', () => {
    holds(({ prediction, truth }) => {
      const brute = new BruteForce(prediction, truth);
      if (brute.truths.length === 0 || brute.predictions.length === 0) return;
      const compact = (labels: Pair['truth']): Pair['truth'] => {
        const order = [...new Set(labels.data)].filter((id) => id !== 0).sort((a, b) => a - b);
        return relabelled(labels, (id) => order.indexOf(id) + 1);
      };
      if (!prediction.data.includes(0) || !truth.data.includes(0)) return;
      const table = overlapTable(compact(prediction), compact(truth));
      expect(cvpppStrict(table)).toEqual({
        bestDiceTruth: bestDiceTruth(table),
        bestDicePredicted: bestDicePredicted(table),
        sbd: symmetricBestDice(table),
        foregroundBackgroundDice: dice(table),
        countDifference: countDifference(table),
        absoluteCountDifference: Math.abs(countDifference(table)),
      });
    });
  });
});
