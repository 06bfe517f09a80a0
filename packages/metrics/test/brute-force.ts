import { type LabelMap, objectIds } from '@pffnet/structures';

/**
 * Every metric once more, straight from its definition on sets of pixels and by trying all pairings: slow, and written
 * without the overlap table. For maps with few objects.
 */
export class BruteForce {
  readonly truths: ReadonlySet<number>[];
  readonly predictions: ReadonlySet<number>[];

  constructor(prediction: LabelMap, truth: LabelMap) {
    this.truths = objectIds(truth).map((id) => pixelsOf(truth, id));
    this.predictions = objectIds(prediction).map((id) => pixelsOf(prediction, id));
  }

  get isEmpty(): boolean {
    return this.truths.length + this.predictions.length === 0;
  }

  iou(t: number, p: number): number {
    const both = shared(this.truths[t], this.predictions[p]);
    return both / (this.truths[t].size + this.predictions[p].size - both);
  }

  diceOf(t: number, p: number): number {
    return (2 * shared(this.truths[t], this.predictions[p])) / (this.truths[t].size + this.predictions[p].size);
  }

  /** AJI of a choice: per truth a prediction or -1. */
  aggregated(choice: readonly number[]): number | null {
    let intersection = 0;
    let union = 0;
    for (const [t, p] of choice.entries()) {
      if (p < 0) {
        union += this.truths[t].size;
      } else {
        intersection += shared(this.truths[t], this.predictions[p]);
        union += new Set([...this.truths[t], ...this.predictions[p]]).size;
      }
    }
    for (const [p, pixels] of this.predictions.entries()) if (!choice.includes(p)) union += pixels.size;
    return union === 0 ? null : intersection / union;
  }

  aji(): number | null {
    return this.aggregated(
      this.truths.map((_, t) => {
        const ious = this.predictions.map((_, p) => this.iou(t, p));
        const best = Math.max(0, ...ious);
        // Of equal IoUs the one with the larger union, which is the larger prediction; then the smaller id.
        const tied = [...ious.keys()].filter((p) => best > 0 && ious[p] === best);
        return tied.sort((p, q) => this.predictions[q].size - this.predictions[p].size || p - q)[0] ?? -1;
      }),
    );
  }

  ajiOnce(): number | null {
    const used = new Set<number>();
    const choice = this.truths.map((_, t) => {
      let best = -1;
      for (const p of this.predictions.keys()) {
        if (used.has(p) || this.iou(t, p) === 0) continue;
        if (best < 0 || this.iou(t, p) > this.iou(t, best)) best = p;
      }
      used.add(best);
      return best;
    });
    return this.aggregated(choice);
  }

  /** The loop of the release: IoU with every prediction, a used one counting as disjoint, and the first maximum. */
  ajiOnceLegacy(): number | null {
    if (this.isEmpty) return null;
    if (this.predictions.length === 0) return 0;
    const used = new Set<number>();
    let intersection = 0;
    let union = 0;
    for (const truth of this.truths) {
      const intersections = this.predictions.map((pixels, p) => (used.has(p) ? 0 : shared(truth, pixels)));
      const unions = this.predictions.map((pixels, p) =>
        used.has(p) ? truth.size : truth.size + pixels.size - intersections[p],
      );
      const ious = intersections.map((value, p) => value / unions[p]);
      const hit = ious.indexOf(Math.max(...ious));
      intersection += intersections[hit];
      union += unions[hit];
      used.add(hit);
    }
    for (const [p, pixels] of this.predictions.entries()) if (!used.has(p)) union += pixels.size;
    return intersection / union;
  }

  /** AJI+ of every one-to-one pairing of largest total IoU; more than one value means a tie that matters. */
  ajiPlusCandidates(): (number | null)[] {
    let best = -1;
    let choices: number[][] = [];
    for (const choice of this.#pairings(0, new Set())) {
      const total = choice.reduce((sum, p, t) => (p < 0 ? sum : sum + this.iou(t, p)), 0);
      if (total > best + 1e-9) [best, choices] = [total, [choice]];
      else if (total > best - 1e-9) choices.push(choice);
    }
    return [...new Set(choices.map((choice) => this.aggregated(choice)))];
  }

  /** IoU of every pair above the threshold. */
  iousAbove(threshold: number): number[] {
    const ious: number[] = [];
    for (const t of this.truths.keys()) {
      for (const p of this.predictions.keys()) if (this.iou(t, p) > threshold) ious.push(this.iou(t, p));
    }
    return ious;
  }

  dice(): number | null {
    const truth = new Set(this.truths.flatMap((pixels) => [...pixels]));
    const prediction = new Set(this.predictions.flatMap((pixels) => [...pixels]));
    return this.isEmpty ? null : (2 * shared(truth, prediction)) / (truth.size + prediction.size);
  }

  /** Predictions that cover more than half of a true object and overlap no other more. */
  found(): number {
    return this.predictions.filter((prediction) =>
      this.truths.some(
        (truth) =>
          2 * shared(truth, prediction) > truth.size &&
          this.truths.every((other) => shared(other, prediction) <= shared(truth, prediction)),
      ),
    ).length;
  }

  bestDiceTruth(): number | null {
    return this.#bestDice(this.truths.map((_, t) => this.predictions.map((_, p) => this.diceOf(t, p))));
  }

  bestDicePredicted(): number | null {
    return this.#bestDice(this.predictions.map((_, p) => this.truths.map((_, t) => this.diceOf(t, p))));
  }

  /** Whether some truth has two predictions of equal, largest IoU: then ids decide, and scores may depend on them. */
  hasTies(): boolean {
    const tied = (values: number[]): boolean => {
      const largest = Math.max(...values);
      return largest > 0 && values.filter((value) => value > largest - 1e-9).length > 1;
    };
    return this.truths.some((_, t) => tied(this.predictions.map((_, p) => this.iou(t, p))));
  }

  #bestDice(table: number[][]): number | null {
    if (this.isEmpty) return null;
    return table.reduce((sum, row) => sum + Math.max(0, ...row), 0) / Math.max(1, table.length);
  }

  *#pairings(t: number, used: ReadonlySet<number>): Generator<number[]> {
    if (t === this.truths.length) {
      yield [];
      return;
    }
    for (const p of [-1, ...this.predictions.keys()]) {
      if (p >= 0 && (used.has(p) || this.iou(t, p) === 0)) continue;
      for (const rest of this.#pairings(t + 1, p < 0 ? used : new Set([...used, p]))) yield [p, ...rest];
    }
  }
}

function pixelsOf({ data }: LabelMap, id: number): Set<number> {
  const pixels = new Set<number>();
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel] === id) pixels.add(pixel);
  return pixels;
}

function shared(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let count = 0;
  for (const pixel of a) if (b.has(pixel)) count++;
  return count;
}
