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
  withCurrent,
} from '@pffnet/network';
import { withPrecision } from '@pffnet/tensor-ops';
import { slice, softmax, tidy } from '@tensorflow/tfjs-core';
import { minAreas } from '../min-area.ts';
import { resizeMap } from '../resize-map.ts';
import { clusterObjects, type EmbeddedPixels } from './cluster-objects.ts';
import { type DiscriminativeConfig, type DiscriminativeRule, discriminativeRule } from './config.ts';
import type { EmbeddingMap } from './embedding-map.ts';

/** The probability of foreground of every pixel, and embeddings of what may be foreground. */
export interface EmbeddingReading extends CoreValues<Float32Array> {
  /** Of the pixels above `embeddedAbove`, row by row, [pixels * dimensions]. */
  readonly embeddings: Float32Array;
  readonly embeddedAbove: number;
}

/** Reads images as a network with a discriminative loss does: embeddings, which mean-shift parts into objects. */
export class EmbeddingPredictor implements Predictor<DiscriminativeRule, EmbeddingReading> {
  readonly schema = discriminativeRule;
  readonly grid: RuleGrid;
  readonly maps: PixelMaps<DiscriminativeRule, EmbeddingReading> = {
    floorOf: (rule) => rule,
    foreground: 'semantic',
    predict: (image, readings) =>
      Promise.resolve(new Map([['semantic', resizeMap(foregroundOf(readings, image), image)]])),
  };
  readonly #dimensions: number;
  readonly #embeddingMap: EmbeddingMap;

  constructor({ test, dimensions }: DiscriminativeConfig, embeddingMap: EmbeddingMap) {
    this.#dimensions = dimensions;
    this.#embeddingMap = embeddingMap;
    this.grid = gridOf(test);
  }

  patchOf(settings: RuleSettings): Partial<DiscriminativeRule> {
    return settings;
  }

  excludesAll({ minForeground }: DiscriminativeRule): string | null {
    return minForeground < 1
      ? null
      : `test.minForeground is ${minForeground}, and no probability is above it: every pixel is background; lower it`;
  }

  floorOf(rules: readonly DiscriminativeRule[]): DiscriminativeRule {
    return { ...rules[0], minForeground: Math.min(...rules.map(({ minForeground }) => minForeground)) };
  }

  async read(part: ImagePart, { precision, minForeground }: DiscriminativeRule): Promise<EmbeddingReading> {
    const predicted = withPrecision(precision, () =>
      tidy(() => {
        const { embeddings, semantic } = this.#embeddingMap(part.image);
        return [embeddings, slice(softmax(semantic), [0, 0, 0, 1], [1, -1, -1, 1])] as const;
      }),
    );
    const [embeddings, foreground] = (await Promise.all(predicted.map((values) => values.data()))) as Float32Array[];
    for (const values of predicted) values.dispose();
    const core = cutCore(part, foreground, part.image.width);
    const embedded = cutCore(part, embeddings, part.image.width, this.#dimensions).values;
    return { ...core, embeddings: keptOf(embedded, core.values, minForeground), embeddedAbove: minForeground };
  }

  /** Objects may reach over any number of parts, so that the first strip waits for the last reading: there is one. */
  async *decide(
    readings: Iterable<EmbeddingReading> | AsyncIterable<EmbeddingReading>,
    size: ImageSize,
    rule: DiscriminativeRule,
  ): AsyncGenerator<Strip> {
    const all: EmbeddingReading[] = [];
    for await (const reading of readings) all.push(reading);
    yield stripOfLabels(clusterObjects(joinReadings(all, size, this.#dimensions), rule), size);
  }
}

/** The values that tuning tries, with those of the config. A change of the bandwidth costs the most time. */
function gridOf({ bandwidth, minForeground, minArea }: DiscriminativeRule): RuleGrid {
  return {
    bandwidth: withCurrent([0.5, 0.75, 1, 1.5, 2], bandwidth),
    minForeground: withCurrent([0.4, 0.5, 0.6], minForeground),
    minArea: minAreas(minArea),
  };
}

/** The embeddings of the pixels above a probability. */
function keptOf(embeddings: Float32Array, foreground: Float32Array, above: number): Float32Array {
  const dimensions = embeddings.length / foreground.length;
  const kept = new Float32Array(foreground.filter((probability) => probability > above).length * dimensions);
  let next = 0;
  foreground.forEach((probability, pixel) => {
    if (probability > above) {
      kept.set(embeddings.subarray(pixel * dimensions, (pixel + 1) * dimensions), dimensions * next++);
    }
  });
  return kept;
}

const foregroundOf = (readings: readonly EmbeddingReading[], size: ImageSize) =>
  joinCores(readings, (length) => new Float32Array(length), size);

/** Puts the parts of an image together; embeddings into the reading order of the whole. */
function joinReadings(readings: readonly EmbeddingReading[], size: ImageSize, dimensions: number): EmbeddedPixels {
  const { height, width, data: foreground } = foregroundOf(readings, size);
  const embeddedAbove = readings[0]?.embeddedAbove ?? 1;
  const places = new Uint32Array(foreground.length);
  let count = 0;
  for (let pixel = 0; pixel < places.length; pixel++) if (foreground[pixel] > embeddedAbove) places[pixel] = count++;
  const embeddings = new Float32Array(count * dimensions);
  for (const { core, embeddings: own } of readings) {
    let next = 0;
    for (let y = core.y1; y < core.y2; y++) {
      for (let pixel = y * width + core.x1; pixel < y * width + core.x2; pixel++) {
        if (!(foreground[pixel] > embeddedAbove)) continue;
        embeddings.set(own.subarray(next * dimensions, (next + 1) * dimensions), places[pixel] * dimensions);
        next++;
      }
    }
  }
  return { height, width, foreground, dimensions, embeddings, embeddedAbove };
}
