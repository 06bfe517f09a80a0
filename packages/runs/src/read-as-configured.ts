import {
  type ChannelChoice,
  type Dataset,
  decodePixels,
  type IntensityScaling,
  type Pixels,
  rgbPixelsOf,
  sayNotes,
  usualPercentiles,
} from '@pffnet/datasets/image-files';
import type { NetworkConfig } from '@pffnet/network';
import type { RgbPixels } from '@pffnet/structures';

type ConfiguredScaling = NetworkConfig['input']['scaling'];

/**
 * The config with `auto` scaling replaced by the one that suits a data set, so that predictions scale as the network
 * was trained. It stays `auto` if files of up to 8 bits are mixed with deeper ones, or the depth is unknown.
 */
export function settleScaling(config: NetworkConfig, { storedBits = [] }: Dataset): NetworkConfig {
  if (config.input.scaling.kind !== 'auto' || storedBits.length === 0) return config;
  const shallow = storedBits.every((bits) => bits <= 8);
  if (!shallow && storedBits.some((bits) => bits <= 8)) return config;
  return { ...config, input: { ...config.input, scaling: shallow ? { kind: 'range' } : usualPercentiles } };
}

/** Options of a prediction about how images are read. */
export interface ReadingOptions {
  readonly channel?: ChannelChoice | undefined;
  readonly scaling?: IntensityScaling['kind'];
}

/**
 * Reads an image for a trained network, by default scaled as in its training. A line warns if the numbers of the file
 * do not allow that, or if the image becomes dark.
 */
export async function readToPredict(
  config: NetworkConfig,
  path: string,
  options: ReadingOptions,
  say: (line: string) => void,
): Promise<RgbPixels> {
  const pixels = await decodePixels(path, options.channel ?? config.input.channel);
  const { scaling, note } =
    options.scaling === undefined
      ? scalingAsTrained(pixels, config.input.scaling)
      : { scaling: scalingTold(options.scaling, config.input.scaling), note: undefined };
  const image = rgbPixelsOf(pixels, path, scaling === undefined ? {} : { scaling });
  sayNotes(image, say);
  if (note !== undefined) say(`${path}: ${note}`);
  return image;
}

function scalingTold(kind: IntensityScaling['kind'], trained: ConfiguredScaling): IntensityScaling {
  if (kind !== 'percentile') return { kind };
  return trained.kind === 'percentile' ? trained : usualPercentiles;
}

/** Images whose greatest value is below this share of their range come out dark. */
const darkBelow = 1 / 8;

function scalingAsTrained(
  pixels: Pixels,
  trained: ConfiguredScaling,
): { readonly scaling: IntensityScaling | undefined; readonly note: string | undefined } {
  const { storedBits, fullRange, data } = pixels;
  if (trained.kind === 'auto') {
    const note = `its ${storedBits}-bit values are scaled between percentiles 0.1 and 99.9; the weights do not say how those in training were; if those had 8 bits, try --scaling range`;
    return { scaling: undefined, note: storedBits > 8 ? note : undefined };
  }
  if (trained.kind !== 'range') return { scaling: trained, note: undefined };
  if (fullRange === null) {
    const note = `its signed or floating-point values have no full range, by which the network was trained; scaled between percentiles 0.1 and 99.9 instead; --scaling min-max or percentile chooses`;
    return { scaling: usualPercentiles, note };
  }
  let greatest = 0;
  if (storedBits > 8) for (const value of data) if (value > greatest) greatest = value;
  const share = greatest / fullRange;
  const note = `its greatest value, ${greatest}, is ${(share * 100).toFixed(1)} % of its range, by which the network was trained, so that it is dark; try --scaling percentile`;
  return { scaling: trained, note: storedBits > 8 && share < darkBelow ? note : undefined };
}
