/**
 * Pixels by pair of a true and a predicted object, each given by its index. The next run of pixels mostly belongs to the
 * same pair as the last one of its true or of its predicted object; a hash table (open addressing, linear probing) is
 * asked for the others.
 */
export class PairCounts {
  count = 0;
  /** [count, and room for more] index of the true object of each pair. */
  truth = new Uint32Array(1 << 11);
  predicted = new Uint32Array(1 << 11);
  area = new Uint32Array(1 << 11);
  /** Index of a pair + 1, or 0. */
  #slots = new Int32Array(1 << 12);
  /** The last pair of each object + 1, or 0. */
  readonly #lastOfTruth: Int32Array;
  readonly #lastOfPrediction: Int32Array;

  constructor(truthCount: number, predictedCount: number) {
    this.#lastOfTruth = new Int32Array(truthCount);
    this.#lastOfPrediction = new Int32Array(predictedCount);
  }

  /** Adds pixels to a pair. */
  add(t: number, p: number, pixels: number): void {
    let pair = this.#lastOfTruth[t] - 1;
    if (pair < 0 || this.predicted[pair] !== p) {
      pair = this.#lastOfPrediction[p] - 1;
      if (pair < 0 || this.truth[pair] !== t) pair = this.#find(t, p);
    }
    this.area[pair] += pixels;
    this.#lastOfTruth[t] = pair + 1;
    this.#lastOfPrediction[p] = pair + 1;
  }

  /** The index of a pair, which is made if there is none. */
  #find(t: number, p: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(t, p) & mask;
    for (let pair = this.#slots[slot] - 1; pair >= 0; pair = this.#slots[slot] - 1) {
      if (this.truth[pair] === t && this.predicted[pair] === p) return pair;
      slot = (slot + 1) & mask;
    }
    const made = this.count++;
    this.truth[made] = t;
    this.predicted[made] = p;
    this.#slots[slot] = this.count;
    if (this.count === this.truth.length) this.#grow();
    return made;
  }

  #grow(): void {
    this.truth = extended(this.truth);
    this.predicted = extended(this.predicted);
    this.area = extended(this.area);
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let pair = 0; pair < this.count; pair++) {
      let slot = hashOf(this.truth[pair], this.predicted[pair]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = pair + 1;
    }
  }
}

function extended(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(values.length * 2);
  longer.set(values);
  return longer;
}

function hashOf(t: number, p: number): number {
  let hash = Math.imul(t, 0x9e3779b1) ^ Math.imul(p, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
