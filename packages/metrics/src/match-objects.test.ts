import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import fc from 'fast-check';
import { matchObjects } from './match-objects.ts';
import type { OverlapTable } from './overlap-table.ts';

/** A table with the given pairs; `pairArea` serves as the weight. */
function tableOfPairs(truthCount: number, predictedCount: number, pairs: readonly [number, number, number][]) {
  const sorted = pairs.toSorted(([t, p], [u, q]) => t - u || p - q);
  const pairStart = new Uint32Array(truthCount + 1);
  for (const [t] of sorted) pairStart[t + 1]++;
  for (let t = 0; t < truthCount; t++) pairStart[t + 1] += pairStart[t];
  const table: OverlapTable = {
    pixelCount: 0,
    truthIds: Uint32Array.from({ length: truthCount }, (_, at) => at + 1),
    predictedIds: Uint32Array.from({ length: predictedCount }, (_, at) => at + 1),
    truthAreas: new Uint32Array(truthCount),
    predictedAreas: new Uint32Array(predictedCount),
    pairStart,
    pairPrediction: Uint32Array.from(sorted, ([, p]) => p),
    pairArea: Uint32Array.from(sorted, ([, , weight]) => weight),
  };
  return table;
}

/** The total weight; NaN if a prediction is used twice or a pair is not its truth's. */
function totalWeight(table: OverlapTable, pairs: Int32Array): number {
  const used = new Set<number>();
  let total = 0;
  for (const [truth, pair] of pairs.entries()) {
    if (pair < 0) continue;
    if (pair < table.pairStart[truth] || pair >= table.pairStart[truth + 1]) return NaN;
    if (used.has(table.pairPrediction[pair])) return NaN;
    used.add(table.pairPrediction[pair]);
    total += table.pairArea[pair];
  }
  return total;
}

const shared = (intersection: number): number => intersection;

describe('matchObjects', () => {
  test('gives up the best pair where two others are worth more', () => {
    // Truth 0 likes prediction 0 (5) and 1 (4); truth 1 only prediction 0 (3): 4 + 3 > 5.
    const table = tableOfPairs(2, 2, [
      [0, 0, 5],
      [0, 1, 4],
      [1, 0, 3],
    ]);
    expect([...matchObjects(table, shared)]).toEqual([1, 2]);
  });

  test('leaves an object alone where that is worth more', () => {
    const table = tableOfPairs(2, 1, [
      [0, 0, 2],
      [1, 0, 3],
    ]);
    expect([...matchObjects(table, shared)]).toEqual([-1, 1]);
  });

  test('finds the largest total of all pairings', () => {
    const weights = fc.array(fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(weights, (rows) => {
        const pairs = rows.flatMap((row, t) => row.map((weight, p) => [t, p, weight] as [number, number, number]));
        const table = tableOfPairs(
          rows.length,
          6,
          pairs.filter(([, , weight]) => weight > 0),
        );
        // Largest total by sets of used predictions, one truth after the other.
        let best = new Map([[0, 0]]);
        for (const row of rows) {
          const next = new Map(best);
          for (const [used, total] of best) {
            for (const [p, weight] of row.entries()) {
              if ((used >> p) & 1) continue;
              const with_ = used | (1 << p);
              next.set(with_, Math.max(next.get(with_) ?? 0, total + weight));
            }
          }
          best = next;
        }
        expect(totalWeight(table, matchObjects(table, shared))).toBe(Math.max(...best.values()));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('solves one component of 30,000 objects', () => {
    // A chain: truth i overlaps predictions i and i + 1. The best total follows from the best totals of its beginnings.
    const random = randomStream(4, 'chain');
    const length = 15_000;
    const weights = Array.from({ length: 2 * length }, () => 1 + random.integer(1000));
    const table = tableOfPairs(
      length,
      length + 1,
      weights.map((weight, at) => [at >> 1, (at + 1) >> 1, weight]),
    );
    let [without, best] = [0, 0];
    for (const weight of weights) [without, best] = [best, Math.max(best, without + weight)];
    expect(totalWeight(table, matchObjects(table, shared))).toBe(best);
  });

  test('pairs nothing without objects', () => {
    expect(matchObjects(tableOfPairs(0, 0, []), shared)).toEqual(new Int32Array(0));
    expect(matchObjects(tableOfPairs(2, 0, []), shared)).toEqual(new Int32Array([-1, -1]));
  });
});
