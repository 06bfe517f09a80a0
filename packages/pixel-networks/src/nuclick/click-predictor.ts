import {
  type Click,
  type ImagePart,
  type ImageSize,
  type Predictor,
  type RuleGrid,
  type RuleSettings,
  type Strip,
  stripOfLabels,
  withCurrent,
} from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import { sigmoid, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { minAreas } from '../min-area.ts';
import { CROP_CHANNELS, cropPlace, writeCrop } from './click-crop.ts';
import type { ClickMasks } from './click-masks.ts';
import { type NuclickConfig, type NuclickRule, nuclickRule } from './config.ts';
import { type ClickedMask, paintClicked } from './paint-clicked.ts';

/** The masks that were predicted at the clicks of one part of an image. */
export interface ClickReading {
  readonly masks: readonly ClickedMask[];
  /** Rows and columns of the image as it was read. */
  readonly whole: ImageSize;
}

/** Clicks that are read at once: more need memory, fewer leave an engine idle. */
const BATCH = 8;

/** Reads images as NuClick does: a mask at every click. */
export class ClickPredictor implements Predictor<NuclickRule, ClickReading> {
  readonly schema = nuclickRule;
  readonly grid: RuleGrid;
  readonly #config: NuclickConfig;
  readonly #masks: ClickMasks;

  constructor(config: NuclickConfig, masks: ClickMasks) {
    this.#config = config;
    this.#masks = masks;
    const { minProbability, minArea } = config.test;
    const probabilities = withCurrent([0.3, 0.4, 0.5, 0.6, 0.7], minProbability);
    this.grid = { minProbability: probabilities, minArea: minAreas(minArea) };
  }

  patchOf(settings: RuleSettings): Partial<NuclickRule> {
    return settings;
  }

  excludesAll({ minProbability }: NuclickRule): string | null {
    return minProbability < 1
      ? null
      : `test.minProbability is ${minProbability}, and no probability is above it: nothing is found; lower it`;
  }

  /** Every rule needs the same masks. */
  floorOf([first]: readonly NuclickRule[]): NuclickRule {
    return first;
  }

  /** @throws ConfigError if no clicks came with the image. */
  async read({ image, tile, whole, clicks }: ImagePart, { precision }: NuclickRule): Promise<ClickReading> {
    if (clicks === undefined) {
      throw new ConfigError(
        'a network of kind nuclick finds objects at clicks, and none came with the image; give clicks to predict, such as those of clicksFor',
      );
    }
    const { crop, input } = this.#config;
    const { y1, x1, y2, x2 } = tile.core;
    const own = [...clicks.keys()].filter((index) => {
      const { y, x } = clicks[index];
      return y >= y1 && y < y2 && x >= x1 && x < x2;
    });
    const inPart = clicks.map(({ y, x }): Click => ({ y: y - tile.y, x: x - tile.x }));
    const masks: ClickedMask[] = [];
    for (let start = 0; start < own.length; start += BATCH) {
      const batch = own.slice(start, start + BATCH);
      const size = crop * crop * CROP_CHANNELS;
      const crops = new Float32Array(batch.length * size);
      batch.forEach((click, index) => {
        const marks = { own: inPart[click], others: inPart.filter((_, other) => other !== click) };
        const into = crops.subarray(index * size, (index + 1) * size);
        writeCrop(into, image, cropPlace(inPart[click], crop), marks, input);
      });
      const predicted = withPrecision(precision, () =>
        tidy(() => sigmoid(this.#masks(tensor4d(crops, [batch.length, crop, crop, CROP_CHANNELS])))),
      );
      const values = await predicted.data();
      predicted.dispose();
      batch.forEach((click, index) => {
        const probabilities = values.slice(index * crop * crop, (index + 1) * crop * crop) as Float32Array;
        masks.push({ click, at: clicks[click], place: cropPlace(clicks[click], crop), probabilities });
      });
    }
    return { masks, whole };
  }

  async *decide(
    readings: Iterable<ClickReading> | AsyncIterable<ClickReading>,
    size: ImageSize,
    rule: NuclickRule,
  ): AsyncGenerator<Strip> {
    const masks: ClickedMask[] = [];
    let whole = size;
    for await (const reading of readings) {
      masks.push(...reading.masks);
      whole = reading.whole;
    }
    yield stripOfLabels(paintClicked(masks, whole, rule), size);
  }
}
