import { MinHeap } from './min-heap.ts';
import type { OverlapTable } from './overlap-table.ts';

/**
 * Pairs true and predicted objects one to one so that the sum of the pairs' weights is as large as possible
 * (maximum-weight bipartite matching); an object may stay alone.
 * @param weight - value of pairing two objects, positive, from the pixels that they share and those of their union.
 * @returns [truthCount] per true object the index of its pair in `table`, or -1.
 * @remarks Source: the assignment problem by shortest augmenting paths with potentials (Jonker and Volgenant 1987), run
 * on overlapping pairs only. A search never leaves the connected component of the overlap graph in which it began and
 * ends at the nearest free object, so images with hundreds of thousands of objects cost little more than their pairs.
 * Leaving an object alone is a column of weight 0 of its own.
 */
export function matchObjects(
  table: OverlapTable,
  weight: (intersection: number, union: number) => number,
): Int32Array<ArrayBuffer> {
  const { pairStart, pairPrediction } = table;
  const truthCount = table.truthIds.length;
  const predictedCount = table.predictedIds.length;
  const cost = pairCosts(table, weight);
  const truthPotential = new Float64Array(truthCount);
  const predictedPotential = new Float64Array(predictedCount);
  const pairOfTruth = new Int32Array(truthCount).fill(-1);
  const truthOfPrediction = new Int32Array(predictedCount).fill(-1);

  // One search's state, cleared after each search by walking the lists of what it touched.
  const distance = new Float64Array(predictedCount).fill(Infinity);
  const truthDistance = new Float64Array(truthCount);
  const settled = new Uint8Array(predictedCount);
  const pairInto = new Int32Array(predictedCount);
  const truthInto = new Int32Array(predictedCount);
  const frontier = new MinHeap();

  for (let source = 0; source < truthCount; source++) {
    truthPotential[source] = cheapestOffer(source);
    const truths: number[] = [];
    const touched: number[] = [];
    const passed: number[] = [];
    let best = Infinity; // length of the shortest path that ends by leaving some true object alone
    let alone = source;
    let free = -1;
    for (let truth = source, length = 0; ;) {
      truths.push(truth);
      truthDistance[truth] = length;
      const leave = length + Math.max(0, -truthPotential[truth]);
      if (leave < best) [best, alone] = [leave, truth];
      for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
        const prediction = pairPrediction[pair];
        if (settled[prediction] === 1) continue;
        // Reduced costs are never negative but for rounding.
        const reduced = Math.max(0, cost[pair] - truthPotential[truth] - predictedPotential[prediction]);
        const reached = length + reduced;
        if (reached >= distance[prediction] || reached >= best) continue;
        if (distance[prediction] === Infinity) touched.push(prediction);
        distance[prediction] = reached;
        pairInto[prediction] = pair;
        truthInto[prediction] = truth;
        frontier.push(reached, prediction);
      }
      let next = frontier.pop();
      while (next >= 0 && settled[next] === 1) next = frontier.pop();
      if (next < 0 || distance[next] >= best) break;
      if (truthOfPrediction[next] < 0) {
        free = next;
        best = distance[next];
        break;
      }
      settled[next] = 1;
      passed.push(next);
      truth = truthOfPrediction[next];
      length = distance[next];
    }

    for (const truth of truths) truthPotential[truth] += best - truthDistance[truth];
    for (const prediction of passed) predictedPotential[prediction] -= best - distance[prediction];
    augment(source, alone, free);
    for (const prediction of touched) {
      distance[prediction] = Infinity;
      settled[prediction] = 0;
    }
    frontier.clear();
  }
  return pairOfTruth;

  function cheapestOffer(truth: number): number {
    let cheapest = 0;
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      cheapest = Math.min(cheapest, cost[pair] - predictedPotential[pairPrediction[pair]]);
    }
    return cheapest;
  }

  /** Re-pairs everything along the path from its end (a free prediction, or a truth that gives its own up) to `source`. */
  function augment(source: number, alone: number, free: number): void {
    let prediction = free;
    if (free < 0) {
      if (alone === source) return;
      prediction = pairPrediction[pairOfTruth[alone]];
      pairOfTruth[alone] = -1;
    }
    for (;;) {
      const truth = truthInto[prediction];
      const given = pairOfTruth[truth];
      pairOfTruth[truth] = pairInto[prediction];
      truthOfPrediction[prediction] = truth;
      if (truth === source) return;
      prediction = pairPrediction[given];
    }
  }
}

function pairCosts(
  { pairStart, pairPrediction, pairArea, truthAreas, predictedAreas }: OverlapTable,
  weight: (intersection: number, union: number) => number,
): Float64Array {
  const costs = new Float64Array(pairArea.length);
  for (let truth = 0; truth < truthAreas.length; truth++) {
    for (let pair = pairStart[truth]; pair < pairStart[truth + 1]; pair++) {
      const union = truthAreas[truth] + predictedAreas[pairPrediction[pair]] - pairArea[pair];
      costs[pair] = -weight(pairArea[pair], union);
    }
  }
  return costs;
}
