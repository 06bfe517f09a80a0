import {
  type FoundObject,
  imageTensor,
  type ImagePart,
  type ImageSize,
  type PixelMaps,
  type Predictor,
  type RuleGrid,
  type RuleSettings,
  type Strip,
} from '@pffnet/network';
import type { HeightMap } from '@pffnet/postprocess';
import { boxesOfLabels, compactLabels, type LabelMap, resizeLabels } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import { tidy } from '@tensorflow/tfjs-core';
import { type DistConfig, type DistRule, testSchema } from './config.ts';
import { depthsOf, separateObjects, stepsAbove } from './separate-objects.ts';
import type { Unet } from './unet.ts';

/** The predicted distances of one part of an image, negated and in whole steps (see `depthsOf`); plain data. */
export interface Reading {
  /** Where they lie in the image as it was read: parts answer for their cores, which share it out. */
  readonly core: ImagePart['tile']['core'];
  /** Rows and columns of the image as it was read. */
  readonly whole: ImageSize;
  /** [rows * columns of the core], see {@link depthsOf}. */
  readonly depths: Uint16Array;
}

/** Reads images as DIST does: a map of distances, which a rule cuts into objects. */
export class DistPredictor implements Predictor<DistRule, Reading> {
  readonly schema = testSchema;
  readonly grid: RuleGrid;
  readonly maps: PixelMaps<DistRule, Reading> = { floorOf: (rule) => rule, predict: shareOfLargest };
  readonly #config: DistConfig;
  readonly #unet: Unet;

  constructor(config: DistConfig, unet: Unet) {
    this.#config = config;
    this.#unet = unet;
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

  async read({ image, tile, whole }: ImagePart, { precision }: DistRule): Promise<Reading> {
    const { input } = this.#config;
    const distances = withPrecision(precision, () =>
      tidy(() => this.#unet.predict(imageTensor(image, input, this.#unet.multiple))),
    );
    const columns = distances.shape[2];
    const values = await distances.data();
    distances.dispose();
    const { y1, x1, y2, x2 } = tile.core;
    const depths = new Uint16Array((y2 - y1) * (x2 - x1));
    for (let y = y1; y < y2; y++) {
      const from = (y - tile.y) * columns - tile.x;
      depths.set(depthsOf(values.subarray(from + x1, from + x2)), (y - y1) * (x2 - x1));
    }
    return { core: tile.core, whole, depths };
  }

  /** Objects may reach over any number of parts, so that the first strip waits for the last reading: there is one. */
  async *decide(
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    size: ImageSize,
    rule: DistRule,
  ): AsyncGenerator<Strip> {
    const all: Reading[] = [];
    for await (const reading of readings) all.push(reading);
    const labels = resizeTo(separateObjects(join(all, size), rule), size);
    yield { y: 0, labels, instances: describe(labels) };
  }
}

/** The values that tuning tries, with those of the config. A change of the depth costs the most time. */
function gridOf({ minDepth, minDistance }: DistRule): RuleGrid {
  const withCurrent = (values: readonly number[], current: number): number[] =>
    [...new Set([...values, current])].sort((a, b) => a - b);
  return {
    minDepth: withCurrent([0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5], minDepth),
    minDistance: withCurrent([0.25, 0.5, 0.75, 1, 1.25, 1.5, 2], minDistance),
  };
}

/** The distances of the whole image, from those of its parts. */
function join(readings: readonly Reading[], size: ImageSize): HeightMap {
  const { height, width } = readings[0]?.whole ?? size;
  const data = new Uint16Array(height * width);
  for (const { core, depths } of readings) {
    const columns = core.x2 - core.x1;
    for (let y = core.y1; y < core.y2; y++) {
      const row = (y - core.y1) * columns;
      data.set(depths.subarray(row, row + columns), y * width + core.x1);
    }
  }
  return { height, width, data };
}

/** The distances as shares of the largest one: a picture of what was learned. */
function shareOfLargest(image: ImageSize, readings: readonly Reading[]): Promise<ReadonlyMap<string, Float32Array>> {
  const { height, width, data } = join(readings, image);
  const steps = resizeLabels({ height, width, data: stepsAbove(data) }, image).data;
  const largest = steps.reduce((most, step) => Math.max(most, step), 1);
  return Promise.resolve(new Map([['distance', Float32Array.from(steps, (step) => step / largest)]]));
}

const resizeTo = (labels: LabelMap, size: ImageSize): LabelMap =>
  labels.height === size.height && labels.width === size.width
    ? labels
    : compactLabels(resizeLabels(labels, size)).labels;

/** What is known of each object: where it is, and nothing else. */
function describe(labels: LabelMap): FoundObject[] {
  const areas: number[] = [];
  for (const id of labels.data) if (id !== 0) areas[id - 1] = (areas[id - 1] ?? 0) + 1;
  const boxes = boxesOfLabels(labels);
  return areas.map((area, index) => {
    const [y1, x1, y2, x2] = boxes.subarray(index * 4, index * 4 + 4);
    return { id: index + 1, box: [y1, x1, y2, x2], area, classScore: null, quality: null, confidence: null };
  });
}
