import { createHash } from 'node:crypto';
import type { RgbImage } from '@pffnet/structures';

/** Side of the small picture that near-duplicates are recognised by. */
const SIDE = 32;
/** Coarse structure alone would make all images of one lamp alike: this many lowest frequencies per axis are dropped. */
const COARSE = 2;
/** Frequencies per axis that are compared. */
const FREQUENCIES = 12;

/** What an image is recognised by. */
export interface Likeness {
  /** SHA-256 of size and pixels: equal for equal pictures, whatever their files. */
  readonly hash: string;
  /**
   * A perceptual hash that keeps its numbers: the middle frequencies of the image reduced to 32 x 32 grey values, as a
   * vector of length 1, so that the product of two is their correlation. All zeros for an image without structure.
   */
  readonly frequencies: Float32Array;
}

/** Describes an image for the search for copies. */
export function likenessOf(image: RgbImage): Likeness {
  const hash = createHash('sha256').update(`${image.height} ${image.width} `).update(image.data).digest('hex');
  return { hash, frequencies: middleFrequencies(reduce(image)) };
}

/**
 * How much two images look alike, however one of them was turned by quarters or mirrored, scaled or brightened.
 * @returns correlation of their middle frequencies, -1..1; 0 if one has no structure.
 * @remarks A mirrored image has the same cosine coefficients but for the signs of the odd ones, a transposed one has
 * rows and columns exchanged: the eight variants need no second look at the pixels.
 */
export function resemblance(a: Likeness, b: Likeness): number {
  // Products by parity of row and column frequency; mirroring flips the sign of the odd ones.
  const upright = [0, 0, 0, 0];
  const transposed = [0, 0, 0, 0];
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      const parity = (v & 1) * 2 + (u & 1);
      const value = a.frequencies[v * FREQUENCIES + u];
      upright[parity] += value * b.frequencies[v * FREQUENCIES + u];
      transposed[parity] += value * b.frequencies[u * FREQUENCIES + v];
    }
  }
  let best = -1;
  for (const [even, right, down, both] of [upright, transposed]) {
    for (const s of [1, -1]) for (const t of [1, -1]) best = Math.max(best, even + s * right + t * down + s * t * both);
  }
  return best;
}

/** Mean grey value of each cell of a 32 x 32 grid over the image. */
function reduce({ height, width, data }: RgbImage): Float64Array {
  const small = new Float64Array(SIDE * SIDE);
  const edges = (length: number): number[] =>
    Array.from({ length: SIDE + 1 }, (_, index) => Math.floor((index * length) / SIDE));
  const [rows, columns] = [edges(height), edges(width)];
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      // A cell of an image below 32 pixels has at least one pixel.
      const [y2, x2] = [Math.max(rows[i + 1], rows[i] + 1), Math.max(columns[j + 1], columns[j] + 1)];
      let sum = 0;
      for (let y = rows[i]; y < y2; y++) {
        for (let at = (y * width + columns[j]) * 3; at < (y * width + x2) * 3; at++) sum += data[at];
      }
      small[i * SIDE + j] = sum / ((y2 - rows[i]) * (x2 - columns[j]) * 3);
    }
  }
  return small;
}

/** Discrete cosine transform (type II) of the small picture, without its coarsest part. */
function middleFrequencies(small: Float64Array): Float32Array {
  const cosine = (frequency: number, position: number): number =>
    Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * SIDE));
  const basis = Array.from({ length: FREQUENCIES }, (_, f) =>
    Float64Array.from({ length: SIDE }, (_, p) => cosine(f, p)),
  );
  const result = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let u = 0; u < FREQUENCIES; u++) {
    const alongRows = Float64Array.from({ length: SIDE }, (_, y) => {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += small[y * SIDE + x] * basis[u][x];
      return sum;
    });
    for (let v = 0; v < FREQUENCIES; v++) {
      if (u < COARSE && v < COARSE) continue;
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += alongRows[y] * basis[v][y];
      result[v * FREQUENCIES + u] = sum;
    }
  }
  const length = Math.hypot(...result);
  // Rounding alone leaves about 1e-9 of a constant image.
  return length < 1e-3 ? result.fill(0) : result.map((value) => value / length);
}
