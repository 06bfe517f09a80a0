import { type LabelMap, ShapeError } from '@pffnet/structures';
import { type HeightMap, HIGHEST, withoutRim, withRim } from './height-map.ts';

/**
 * Floods a surface from markers: the lowest pixel that touches something flooded is flooded next, by four neighbours, and
 * of equal ones that which has waited longest. Every pixel takes the id of the flood that reaches it first.
 * @param markers - where floods begin; 0 is no marker.
 * @param mask - [height * width], 0 where nothing may be flooded; markers there are left out.
 * @returns ids of the markers; 0 outside the mask, and where no flood arrives.
 * @throws ShapeError if the three differ in size.
 * @remarks Source: Meyer 1991; as scikit-image's `watershed` without compactness, but for which of two markers of one
 * height begins: there the order is its heap's, here that of the pixels.
 */
export function watershed(heights: HeightMap, markers: LabelMap, mask: Uint8Array): LabelMap {
  const { height, width } = heights;
  if (markers.height !== height || markers.width !== width || mask.length !== height * width) {
    throw new ShapeError(
      `watershed: expected markers and a mask of ${height} x ${width} pixels, got ${markers.height} x ${markers.width} and ${mask.length} values`,
    );
  }
  const stride = width + 2;
  const levels = withRim(heights, HIGHEST);
  const ids = new Uint32Array(levels.length);
  const shores = new Shores(levels);
  const dry = openTo(mask, heights);
  for (let y = 0, pixel = 0, padded = stride + 1; y < height; y++, padded += 2) {
    for (let x = 0; x < width; x++, pixel++, padded++) {
      if (dry[padded] === 0 || markers.data[pixel] === 0) continue;
      ids[padded] = markers.data[pixel];
      dry[padded] = 0;
      shores.add(padded);
    }
  }
  const flood = (neighbour: number, id: number): void => {
    if (dry[neighbour] === 0) return;
    dry[neighbour] = 0;
    ids[neighbour] = id;
    shores.add(neighbour);
  };
  for (let pixel = shores.take(); pixel >= 0; pixel = shores.take()) {
    const id = ids[pixel];
    flood(pixel - stride, id);
    flood(pixel - 1, id);
    flood(pixel + 1, id);
    flood(pixel + stride, id);
  }
  return { height, width, data: withoutRim(ids, new Uint32Array(height * width), heights) };
}

/** 1 where a mask is not 0, with a rim of 0. */
function openTo(mask: Uint8Array, { height, width }: { readonly height: number; readonly width: number }): Uint8Array {
  const open = new Uint8Array((height + 2) * (width + 2));
  for (let y = 0; y < height; y++) open.set(mask.subarray(y * width, (y + 1) * width), (y + 1) * (width + 2) + 1);
  return open;
}

/** Pixels that wait, lowest first; those of one height in the order in which they came. Each may wait once. */
class Shores {
  readonly #levels: Uint16Array;
  /** Per height, the first and the last pixel that waits, or -1. */
  readonly #first = new Int32Array(HIGHEST + 1).fill(-1);
  readonly #last = new Int32Array(HIGHEST + 1).fill(-1);
  /** Per pixel, who waits behind it. */
  readonly #next: Int32Array;
  #lowest = HIGHEST;

  constructor(levels: Uint16Array) {
    this.#levels = levels;
    this.#next = new Int32Array(levels.length);
  }

  add(pixel: number): void {
    const level = this.#levels[pixel];
    this.#next[pixel] = -1;
    const last = this.#last[level];
    if (last < 0) this.#first[level] = pixel;
    else this.#next[last] = pixel;
    this.#last[level] = pixel;
    if (level < this.#lowest) this.#lowest = level;
  }

  /** @returns -1 if the queue is empty. */
  take(): number {
    while (this.#first[this.#lowest] < 0) {
      if (this.#lowest === HIGHEST) return -1;
      this.#lowest++;
    }
    const pixel = this.#first[this.#lowest];
    const next = this.#next[pixel];
    this.#first[this.#lowest] = next;
    if (next < 0) this.#last[this.#lowest] = -1;
    return pixel;
  }
}
