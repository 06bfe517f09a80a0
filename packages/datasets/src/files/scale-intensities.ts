import { ConfigError, DataError, quantile } from '@pffnet/structures';
import type { Pixels } from './pixels.ts';

/**
 * How a file's numbers become 0..255. One scale for all channels, so that colours keep their balance.
 * - `range`: the number type's full range (0..65535 for 16 bits). Keeps images comparable; leaves a 12-bit camera's
 *   images in 16-bit files almost black.
 * - `min-max`: the image's least value becomes 0 and its greatest 255. One hot pixel decides.
 * - `percentile`: as min-max, between two percentiles (0..100); what lies outside is cut off.
 */
export type IntensityScaling =
  | { readonly kind: 'range' }
  | { readonly kind: 'min-max' }
  | { readonly kind: 'percentile'; readonly low: number; readonly high: number };

/** Between percentiles 0.1 and 99.9. */
export const usualPercentiles = { kind: 'percentile', low: 0.1, high: 99.9 } as const;

/** 8-bit files are taken as they are; deeper ones are scaled between percentiles 0.1 and 99.9. */
export function defaultScaling(storedBits: number): IntensityScaling {
  return storedBits <= 8 ? { kind: 'range' } : usualPercentiles;
}

/** Values of 0..255. */
export interface ScaledIntensities {
  /** [height * width * channels]. */
  readonly data: Float32Array;
  /** Pixels with a value that is NaN or infinite; they are as the median of the others. */
  readonly notFinite: number;
}

/**
 * Maps values linearly to 0..255; a constant image gives zeros, except under `range`. Pixels with a value that is not
 * finite become the median of the others, channel by channel, which is background on dark and on bright grounds alike;
 * no limit depends on them.
 * @throws ConfigError if the percentiles are out of order, DataError if `range` meets numbers without a full range.
 * @remarks Source: sources.md row 27 (the paper does not say how 16-bit images became 8-bit ones). Percentiles are
 * interpolated linearly between ranks.
 */
export function scaleIntensities(pixels: Pixels, scaling: IntensityScaling, path: string): ScaledIntensities {
  const { data, fullRange, channels } = pixels;
  const floating = data instanceof Float32Array || data instanceof Float64Array;
  const finite = floating ? data.filter((value: number) => Number.isFinite(value)) : data;
  const [low, high] = limits(finite, fullRange, scaling, path);
  const scaled = new Float32Array(data);
  if (low === 0 && high === 255 && fullRange === 255) return { data: scaled, notFinite: 0 };
  const factor = high > low ? 255 / (high - low) : 0;
  for (let index = 0; index < scaled.length; index++) {
    const value = (data[index] - low) * factor;
    scaled[index] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { data: scaled, notFinite: finite.length === data.length ? 0 : blankNotFinite(data, channels, scaled) };
}

/** Gives pixels with a value that is not finite the median of each channel. @returns how many there are. */
function blankNotFinite(data: Pixels['data'], channels: number, scaled: Float32Array): number {
  const isFinite = (at: number): boolean => data.subarray(at, at + channels).every((value) => Number.isFinite(value));
  const places: number[] = [];
  for (let at = 0; at < data.length; at += channels) if (!isFinite(at)) places.push(at);
  for (let channel = 0; channel < channels; channel++) {
    const known = scaled.filter((_, at) => at % channels === channel && Number.isFinite(data[at])).sort();
    const median = known.length === 0 ? 0 : quantile(known, 0.5);
    for (const at of places) scaled[at + channel] = median;
  }
  return places.length;
}

function limits(
  data: Pixels['data'],
  fullRange: number | null,
  scaling: IntensityScaling,
  path: string,
): [low: number, high: number] {
  switch (scaling.kind) {
    case 'range':
      if (fullRange === null) {
        throw new DataError(
          `${path} holds signed or floating-point numbers, which have no full range; expected unsigned integers; choose the scaling min-max or percentile`,
        );
      }
      return [0, fullRange];
    case 'min-max':
      return data.length === 0 ? [0, 0] : [extreme(data, -1), extreme(data, 1)];
    case 'percentile': {
      const { low, high } = scaling;
      if (!(low >= 0 && low < high && high <= 100)) {
        throw new ConfigError(`scaling: expected percentiles 0 <= low < high <= 100, got low ${low} and high ${high}`);
      }
      if (data.length === 0) return [0, 0];
      const sorted = data.slice().sort();
      return [quantile(sorted, low / 100), quantile(sorted, high / 100)];
    }
    default:
      throw new ConfigError(
        `scaling: expected kind range, min-max or percentile, got ${JSON.stringify(scaling satisfies never)}`,
      );
  }
}

function extreme(data: Pixels['data'], sign: -1 | 1): number {
  let found = data[0];
  for (const value of data) if (sign * value > sign * found) found = value;
  return found;
}
