import {
  type CoreValues,
  cutCore,
  type ImagePart,
  type ImageSize,
  joinCores,
  type PixelMaps,
  type Predictor,
  type RuleGrid,
  type RuleSettings,
  type Strip,
  stripOfLabels,
} from '@pffnet/network';
import { withPrecision } from '@pffnet/tensor-ops';
import { minAreas } from '../min-area.ts';
import type { ColourMap } from './colour-map.ts';
import { resizeMap } from '../resize-map.ts';
import { colourObjects } from './colour-objects.ts';
import { coloringRule, type DeepColoringConfig, type DeepColoringRule } from './config.ts';

/** The surest colour of every pixel, 0 for background. */
export type ColourReading = CoreValues<Uint8Array>;

/** Reads images as deep colouring does: a map of colours, whose connected regions are objects. */
export class ColoringPredictor implements Predictor<DeepColoringRule, ColourReading> {
  readonly schema = coloringRule;
  readonly grid: RuleGrid;
  readonly maps: PixelMaps<DeepColoringRule, ColourReading>;
  readonly #colourMap: ColourMap;

  constructor({ test, colours }: DeepColoringConfig, colourMap: ColourMap) {
    this.#colourMap = colourMap;
    this.grid = { minArea: minAreas(test.minArea) };
    this.maps = {
      floorOf: (rule) => rule,
      predict: (image, readings) =>
        Promise.resolve(new Map([['colour', shadesOf(join(readings, image), image, colours)]])),
    };
  }

  patchOf(settings: RuleSettings): Partial<DeepColoringRule> {
    return settings;
  }

  /** No area is too large for every image. */
  excludesAll(): null {
    return null;
  }

  /** Every rule needs the same colours. */
  floorOf([first]: readonly DeepColoringRule[]): DeepColoringRule {
    return first;
  }

  async read(part: ImagePart, { precision }: DeepColoringRule): Promise<ColourReading> {
    const scores = withPrecision(precision, () => this.#colourMap(part.image));
    const channels = scores.shape[3];
    const values = (await scores.data()) as Float32Array;
    scores.dispose();
    return cutCore(part, largestOf(values, channels), part.image.width);
  }

  /** Objects may reach over any number of parts, so that the first strip waits for the last reading: there is one. */
  async *decide(
    readings: Iterable<ColourReading> | AsyncIterable<ColourReading>,
    size: ImageSize,
    { minArea }: DeepColoringRule,
  ): AsyncGenerator<Strip> {
    const all: ColourReading[] = [];
    for await (const reading of readings) all.push(reading);
    yield stripOfLabels(colourObjects(join(all, size), minArea), size);
  }
}

const join = (readings: readonly ColourReading[], size: ImageSize): ImageSize & { readonly data: Uint8Array } =>
  joinCores(readings, (length) => new Uint8Array(length), size);

/** Per pixel, which of its numbers is the largest; the first of equals. */
function largestOf(values: Float32Array, perPixel: number): Uint8Array {
  const largest = new Uint8Array(values.length / perPixel);
  for (let pixel = 0, at = 0; pixel < largest.length; pixel++, at += perPixel) {
    let best = 0;
    for (let channel = 1; channel < perPixel; channel++) if (values[at + channel] > values[at + best]) best = channel;
    largest[pixel] = best;
  }
  return largest;
}

/** Colours as shades of grey, 0..1, at the size of an image: a picture of what was learned. */
const shadesOf = (map: ImageSize & { readonly data: Uint8Array }, size: ImageSize, colours: number): Float32Array =>
  resizeMap(map, size).map((colour) => colour / colours);
