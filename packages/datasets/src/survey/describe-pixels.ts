import type { Pixels } from '../files/pixels.ts';

/** One channel's numbers as they stand in the file; those that are not finite are left out. */
export interface ChannelFacts {
  readonly least: number;
  readonly median: number;
  readonly greatest: number;
  /** Share of pixels at the greatest value that the number type has; 0 for types without one. */
  readonly saturated: number;
}

/** What an image file holds, before its numbers become 0..255. */
export interface PixelFacts {
  readonly height: number;
  readonly width: number;
  /** Bits per value. */
  readonly bits: number;
  /** The greatest value that the file's number type can hold; null for floating point and signed numbers. */
  readonly fullRange: number | null;
  /** `colour`, `grey`, or `grey in colour`: three equal channels. */
  readonly kind: 'colour' | 'grey' | 'grey in colour';
  readonly alpha: boolean;
  readonly palette: boolean;
  /** Compression that changes values (JPEG, WebP). */
  readonly lossy: boolean;
  /** How the file asks to be turned for display, which is not done; 1 is upright. */
  readonly orientation: number;
  /** One entry for grey, also when it is stored in colour; else red, green, blue. */
  readonly channels: readonly ChannelFacts[];
}

/** Describes an image as it is stored. */
export function describePixels(pixels: Pixels): PixelFacts {
  const { height, width, channels, storedBits, fullRange, alpha, palette, lossy, orientation } = pixels;
  const grey = channels === 1 || channelsAreEqual(pixels);
  return {
    height,
    width,
    bits: storedBits,
    fullRange,
    kind: channels === 1 ? 'grey' : grey ? 'grey in colour' : 'colour',
    alpha,
    palette,
    lossy,
    orientation,
    channels: Array.from({ length: grey ? 1 : 3 }, (_, channel) => describeChannel(pixels, channel)),
  };
}

function channelsAreEqual({ data }: Pixels): boolean {
  for (let at = 0; at < data.length; at += 3) {
    if (!Object.is(data[at], data[at + 1]) || !Object.is(data[at], data[at + 2])) return false;
  }
  return true;
}

/** Numbers of up to so many kinds are counted rather than sorted. */
const COUNTED = 65_536;

function describeChannel(pixels: Pixels, channel: number): ChannelFacts {
  const { data, channels, fullRange } = pixels;
  const counted = fullRange !== null && fullRange < COUNTED;
  const { values, counts, total } = counted ? countedValues(pixels, channel) : sortedValues(data, channels, channel);
  if (total === 0) return { least: 0, median: 0, greatest: 0, saturated: 0 };
  const last = values.length - 1;
  return {
    least: values[0],
    median:
      (valueAt(values, counts, Math.floor((total - 1) / 2)) + valueAt(values, counts, Math.ceil((total - 1) / 2))) / 2,
    greatest: values[last],
    saturated: values[last] === fullRange ? (counts?.[last] ?? total - firstOf(values, last)) / total : 0,
  };
}

/** Ascending values, and how often each occurs; every one once where that is left out. */
interface Values {
  readonly values: ArrayLike<number>;
  readonly counts?: readonly number[];
  readonly total: number;
}

function countedValues({ data, channels, fullRange }: Pixels, channel: number): Values {
  const all = new Uint32Array((fullRange ?? 0) + 1);
  for (let at = channel; at < data.length; at += channels) all[data[at]]++;
  const values = Array.from(all.keys()).filter((value) => all[value] > 0);
  return { values, counts: values.map((value) => all[value]), total: data.length / channels };
}

function sortedValues(data: Pixels['data'], channels: number, channel: number): Values {
  const all = new Float64Array(data.length / channels);
  let total = 0;
  for (let at = channel; at < data.length; at += channels) if (Number.isFinite(data[at])) all[total++] = data[at];
  return { values: all.subarray(0, total).sort(), total };
}

/** Where the run of equal values begins that ends at an index. */
function firstOf(values: ArrayLike<number>, last: number): number {
  let first = last;
  while (first > 0 && values[first - 1] === values[last]) first--;
  return first;
}

function valueAt(values: ArrayLike<number>, counts: readonly number[] | undefined, rank: number): number {
  if (counts === undefined) return values[rank];
  let index = 0;
  for (let below = counts[0]; below <= rank; below += counts[index]) index++;
  return values[index];
}
