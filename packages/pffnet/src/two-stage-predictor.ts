import {
  atShortSide,
  type ImagePart,
  type ImageSize,
  type PixelMaps,
  type Predictor,
  type RuleGrid,
  type RuleSettings,
  type Strip,
  withCurrent,
} from '@pffnet/network';
import { type Detections, resizeValues } from '@pffnet/structures';
import { type PffnetConfig, type TestRule, testSchema } from './config.ts';
import type { TwoStageModules } from './two-stage-modules.ts';
import { drawObjects } from './find-objects.ts';
import { predictSemantics } from './predict-semantics.ts';
import { learnedOrderOf, rankDetections } from './rank-detections.ts';
import { chooseParts, floorOf, joinParts, joinReadings, type Reading, readPart } from './reading.ts';

/**
 * Reads images as two-stage networks do: finds detections, chooses among them, and paints the chosen ones in descending
 * order of confidence.
 */
export class TwoStagePredictor implements Predictor<TestRule, Reading> {
  readonly schema = testSchema;
  readonly grid: RuleGrid;
  readonly maps?: PixelMaps<TestRule, Reading>;
  readonly #model: TwoStageModules;
  /** The last choice: consecutive rules of a tuning choose the same detections and differ in how they are painted. */
  #last: Choice | null = null;

  constructor(model: TwoStageModules) {
    this.#model = model;
    this.grid = gridOf(model.config);
    if (model.semanticHead !== null || model.instanceSemantics !== null) this.maps = semanticMaps(model);
  }

  /** The changes of the rule; `scoreThreshold` falls with `minScore`, which could not be reached otherwise. */
  patchOf(settings: RuleSettings): Partial<TestRule> {
    const { scoreThreshold, minScore } = this.#model.config.test;
    return { scoreThreshold: Math.min(scoreThreshold, settings['minScore'] ?? minScore), ...settings };
  }

  /** Scores and mask probabilities, float32, are at most 1, and have to exceed their thresholds. */
  excludesAll(rule: TestRule): string | null {
    const key = (['scoreThreshold', 'minScore', 'maskThreshold'] as const).find((name) => Math.fround(rule[name]) >= 1);
    if (key === undefined) return null;
    const usual = key === 'scoreThreshold' ? 0.05 : 0.5;
    return `test.${key}=${rule[key]} excludes every object: nothing exceeds 1; lower it, to ${usual} say`;
  }

  floorOf(rules: readonly TestRule[]): TestRule {
    return floorOf(rules);
  }

  read(part: ImagePart, floor: TestRule): Promise<Reading> {
    return readPart(this.#model, part, floor);
  }

  /** Objects are ranked over the whole image, so that the first strip waits for the last reading: there is one. */
  async *decide(
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    size: ImageSize,
    rule: TestRule,
  ): AsyncGenerator<Strip> {
    const all: Reading[] = [];
    for await (const reading of readings) all.push(reading);
    const chosen = this.#choose(all, size, rule);
    const ranks = await this.#ranks(chosen, rule);
    const detections = ranks === null ? chosen.detections : { ...chosen.detections, ranks };
    yield { y: 0, ...drawObjects(this.#model, detections, size, rule) };
  }

  #choose(readings: readonly Reading[], size: ImageSize, rule: TestRule): Choice {
    const { scoreThreshold, nms, limit, nmsQuality, minScore } = rule;
    const { geometry } = this.#model.config;
    // Where quality ranks, what is dropped later decides what is chosen.
    const by = [size.height, size.width, scoreThreshold, nms, limit, nmsQuality, nmsQuality > 0 && minScore].join();
    const last = this.#last;
    const same = last?.by === by && readings.every((reading, index) => reading === last.readings[index]);
    if (same && readings.length === last.readings.length) return last;
    const parts = chooseParts(readings, rule, geometry);
    this.#last = { readings, by, parts, detections: joinParts(parts, size, geometry), ranks: new Map() };
    return this.#last;
  }

  /** The places of chosen detections in a learned order; null where none is learned. */
  async #ranks({ parts, ranks }: Choice, rule: TestRule): Promise<Float32Array | null> {
    const order = learnedOrderOf(this.#model);
    if (order === null) return null;
    const known = ranks.get(rule.minScore) ?? (await rankDetections(order, parts, rule));
    ranks.set(rule.minScore, known);
    return known;
  }
}

/** The detections of an image that a rule has chosen. */
interface Choice {
  readonly readings: readonly Reading[];
  /** What the rule says about the choice. */
  readonly by: string;
  readonly parts: readonly Reading[];
  /** Of all parts, without ranks. */
  readonly detections: Detections;
  /** Ranks by the least score of those that are painted. */
  readonly ranks: Map<number, Float32Array>;
}

/** The values that tuning tries, with those of the config. A change of `nms` costs the most time. */
function gridOf({ test, instanceHead }: PffnetConfig): RuleGrid {
  return {
    nms: withCurrent([0.2, 0.3, 0.4, 0.5, 0.6], test.nms),
    ...(instanceHead.quality.kind === 'none' ? {} : { nmsQuality: withCurrent([0, 1], test.nmsQuality) }),
    maskThreshold: withCurrent(hundredths(35, 65), test.maskThreshold),
    dropCoveredAbove: withCurrent([0.5, 0.7, 0.9, 1], test.dropCoveredAbove),
    minScore: withCurrent(hundredths(10, 95), test.minScore),
  };
}

/** Every fifth hundredth. */
const hundredths = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => (from + 5 * index) / 100);

/** The foreground probability of both semantic predictions. Masks of any score are fused into the second. */
function semanticMaps(model: TwoStageModules): PixelMaps<TestRule, Reading> {
  return {
    floorOf: (rule) => ({ ...rule, minScore: 0 }),
    ...(model.semanticHead === null ? {} : { foreground: 'semantic' }),
    predict: async (image, readings, rule) => {
      const read = atShortSide(image, rule.shortSide);
      const detections = joinReadings(readings, read, rule, model.config.geometry);
      const { height, width } = read;
      const found = Object.entries(await predictSemantics(model, read, detections));
      const maps = new Map<string, Float32Array>();
      for (const [name, data] of found) {
        if (data !== null) maps.set(name, resizeValues({ height, width, data }, image));
      }
      return maps;
    },
  };
}
