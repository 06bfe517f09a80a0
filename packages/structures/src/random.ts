/** The whole state of a stream: four unsigned 32-bit integers, enough to continue it exactly. */
export type RandomState = readonly [number, number, number, number];

/** A seeded sequence of random numbers. Two streams with different names never share draws. */
export interface RandomStream {
  /** @returns a number in [0, 1) with 32 random bits. */
  uniform(): number;
  /** @returns a draw from the normal distribution with mean 0 and variance 1. */
  normal(): number;
  /** @returns an integer in [0, bound). */
  integer(bound: number): number;
  /** @returns the state after the last draw, to be given to {@link resumeStream}. */
  state(): RandomState;
}

// Jest looks globals up slowly, and networks have millions of initial values.
const { cos, log, PI, sqrt } = Math;

/**
 * Opens the stream `name` of an experiment.
 * @param seed - the experiment's seed, any integer.
 * @param name - what the draws are for, such as `augmentation` or `init/fusion/refine/kernel`.
 * @remarks Source: sfc32 (Doty-Humphrey, PractRand), seeded by FNV-1a of the name and warmed up by 12 rounds.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const stream = resumeStream([hashName(name), seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 1]);
  for (let round = 0; round < 12; round++) stream.uniform();
  return stream;
}

/** Continues a stream from a saved state. */
export function resumeStream(saved: RandomState): RandomStream {
  let [a, b, c, counter] = saved;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  const uniform = (): number => bits() / 2 ** 32;
  return {
    uniform,
    // Box-Muller without the spare value: a stream's state then stays four integers.
    normal: () => sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
    state: () => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0],
  };
}

/** Puts the items in random order, in place (Fisher-Yates). */
export function shuffle<Item>(items: Item[], stream: RandomStream): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = stream.integer(last + 1);
    [items[last], items[other]] = [items[other], items[last]];
  }
  return items;
}

/** FNV-1a, 32 bit, over the UTF-8 bytes of a name. */
export function hashName(name: string): number {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}
