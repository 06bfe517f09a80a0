import type { Pixels } from '../files/pixels.ts';
import { quantile } from '../quantile.ts';

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

function describeChannel({ data, channels, fullRange }: Pixels, channel: number): ChannelFacts {
  const all = new Float64Array(data.length / channels);
  let [count, full] = [0, 0];
  for (let at = channel; at < data.length; at += channels) {
    const value = data[at];
    if (!Number.isFinite(value)) continue;
    all[count++] = value;
    if (value === fullRange) full++;
  }
  if (count === 0) return { least: 0, median: 0, greatest: 0, saturated: 0 };
  const values = all.subarray(0, count).sort();
  return { least: values[0], median: quantile(values, 0.5), greatest: values[count - 1], saturated: full / count };
}
