import type { RandomStream } from '@pffnet/structures';

// Jest looks globals up slowly, and this happens per pixel.
const { floor } = Math;

/** How a random field varies over an image. */
export interface NoiseSpec {
  /** Distance between two independent values along the field's first axis, pixels. */
  readonly along: number;
  /** The same across it; unequal distances give streaks. */
  readonly across: number;
  /** Direction of the first axis, radians from the x axis. */
  readonly angle: number;
  /** [size * size] shifts across the axis, pixels, which make streaks wavy; none by default. */
  readonly bend?: Float32Array;
}

/**
 * A smooth random field (value noise): independent values on a lattice, blended between.
 * @returns [size * size], within -1..1, mean about 0.
 */
export function noiseField(size: number, spec: NoiseSpec, stream: RandomStream): Float32Array {
  const { along, across, angle, bend } = spec;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // A lattice that wraps around, of a side that no image of ours spans twice unnoticed.
  const side = 64;
  const lattice = Float32Array.from({ length: side * side }, () => 2 * stream.uniform() - 1);
  const [shiftU, shiftV] = [side * stream.uniform(), side * stream.uniform()];
  const field = new Float32Array(size * size);
  for (let y = 0, pixel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, pixel++) {
      const u = wrap((x * cos + y * sin) / along + shiftU, side);
      const v = wrap((y * cos - x * sin + (bend === undefined ? 0 : bend[pixel])) / across + shiftV, side);
      const column = floor(u);
      const row = floor(v);
      const right = (column + 1) % side;
      const below = (row + 1) % side;
      const tu = smooth(u - column);
      const tv = smooth(v - row);
      const top = lattice[row * side + column] * (1 - tu) + lattice[row * side + right] * tu;
      const bottom = lattice[below * side + column] * (1 - tu) + lattice[below * side + right] * tu;
      field[pixel] = top * (1 - tv) + bottom * tv;
    }
  }
  return field;
}

/** Rises from 0 to 1 without a kink at either end. */
export function smooth(t: number): number {
  const inside = t < 0 ? 0 : t > 1 ? 1 : t;
  return inside * inside * (3 - 2 * inside);
}

function wrap(value: number, side: number): number {
  const rest = value % side;
  const positive = rest < 0 ? rest + side : rest;
  return positive < side ? positive : 0; // a rest just below 0 may round up to the side
}
