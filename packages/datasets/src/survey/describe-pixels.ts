import type { Pixels } from '../files/decode-pixels.ts';
import { quantile } from '../quantile.ts';

/** One channel's numbers as they stand in the file. */
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
  /** `colour`, `grey`, or `grey in colour`: three equal channels. */
  readonly kind: 'colour' | 'grey' | 'grey in colour';
  readonly alpha: boolean;
  readonly palette: boolean;
  /** Compression that changes values (JPEG, WebP). */
  readonly lossy: boolean;
  /** One entry for grey, also when it is stored in colour; else red, green, blue. */
  readonly channels: readonly ChannelFacts[];
}

/** Describes an image as it is stored. */
export function describePixels(pixels: Pixels): PixelFacts {
  const { height, width, channels, storedBits, alpha, palette, lossy } = pixels;
  const grey = channels === 1 || channelsAreEqual(pixels);
  return {
    height,
    width,
    bits: storedBits,
    kind: channels === 1 ? 'grey' : grey ? 'grey in colour' : 'colour',
    alpha,
    palette,
    lossy,
    channels: Array.from({ length: grey ? 1 : 3 }, (_, channel) => describeChannel(pixels, channel)),
  };
}

function channelsAreEqual({ data }: Pixels): boolean {
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

function describeChannel({ data, channels, fullRange }: Pixels, channel: number): ChannelFacts {
  const values = new Float64Array(data.length / channels);
  let full = 0;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = data[pixel * channels + channel];
    values[pixel] = value;
    if (value === fullRange) full++;
  }
  values.sort();
  return {
    least: values[0],
    median: quantile(values, 0.5),
    greatest: values[values.length - 1],
    saturated: full / values.length,
  };
}
