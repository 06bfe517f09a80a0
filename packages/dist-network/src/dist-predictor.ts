import {
  type CoreValues,
  cutCore,
  imageTensor,
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
import type { HeightMap } from '@pffnet/postprocess';
import { resizeLabels } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import { tidy } from '@tensorflow/tfjs-core';
import { type DistConfig, type DistRule, testSchema } from './config.ts';
import type { DistanceMap } from './distance-map.ts';
import { depthsOf, separateObjects, stepsAbove } from './separate-objects.ts';

/** The predicted distances of one part of an image, negated and in whole steps (see {@link depthsOf}). */
export type Reading = CoreValues<Uint16Array>;

/** Reads images as DIST does: a map of distances, which a rule cuts into objects. */
export class DistPredictor implements Predictor<DistRule, Reading> {
  readonly schema = testSchema;
  readonly grid: RuleGrid;
  readonly maps: PixelMaps<DistRule, Reading> = { floorOf: (rule) => rule, predict: shareOfLargest };
  readonly #config: DistConfig;
  readonly #distances: DistanceMap;

  constructor(config: DistConfig, distances: DistanceMap) {
    this.#config = config;
    this.#distances = distances;
    this.grid = gridOf(config.test);
  }

  patchOf(settings: RuleSettings): Partial<DistRule> {
    return settings;
  }

  /** Distances have no greatest value. */
  excludesAll(): null {
    return null;
  }

  /** Every rule needs the same distances: all of them. */
  floorOf([first]: readonly DistRule[]): DistRule {
    return first;
  }

  async read(part: ImagePart, { precision }: DistRule): Promise<Reading> {
    const { input } = this.#config;
    const { predict, multiple } = this.#distances;
    const distances = withPrecision(precision, () => tidy(() => predict(imageTensor(part.image, input, multiple))));
    const columns = distances.shape[2];
    const values = await distances.data();
    distances.dispose();
    return cutCore(part, depthsOf(values), columns);
  }

  /** Objects may reach over any number of parts, so that the first strip waits for the last reading: there is one. */
  async *decide(
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    size: ImageSize,
    rule: DistRule,
  ): AsyncGenerator<Strip> {
    const all: Reading[] = [];
    for await (const reading of readings) all.push(reading);
    yield stripOfLabels(separateObjects(join(all, size), rule), size);
  }
}

/** The values that tuning tries, with those of the config. A change of the depth costs the most time. */
function gridOf({ minDepth, minDistance }: DistRule): RuleGrid {
  return {
    minDepth: withCurrent([0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5], minDepth),
    minDistance: withCurrent([0.25, 0.5, 0.75, 1, 1.25, 1.5, 2], minDistance),
  };
}

/** The distances of the whole image, from those of its parts. */
const join = (readings: readonly Reading[], size: ImageSize): HeightMap =>
  joinCores(readings, (length) => new Uint16Array(length), size);

/** The distances as shares of the largest one: a picture of what was learned. */
function shareOfLargest(image: ImageSize, readings: readonly Reading[]): Promise<ReadonlyMap<string, Float32Array>> {
  const { height, width, data } = join(readings, image);
  const steps = resizeLabels({ height, width, data: stepsAbove(data) }, image).data;
  const largest = steps.reduce((most, step) => Math.max(most, step), 1);
  return Promise.resolve(new Map([['distance', Float32Array.from(steps, (step) => step / largest)]]));
}
