import type { Tile } from '@pffnet/postprocess';
import type { LabelMap, RgbImage, RgbPixels } from '@pffnet/structures';
import type * as z from 'zod';
import type { ReadingRule } from './network-config.ts';

/** Rows and columns. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** A place at which a person points, in pixels: (0, 0) is the corner of the first one. */
export interface Click {
  readonly y: number;
  readonly x: number;
}

/** What a network reads at once. */
export interface ImagePart {
  readonly image: RgbImage;
  /** Where it lies in the image as it is read, and the core that it answers for. */
  readonly tile: Tile;
  /** The image as it is read: perhaps at another size than the file. */
  readonly whole: ImageSize;
  /** Where a person points, in pixels of the whole image as it is read; absent where nobody does. */
  readonly clicks?: readonly Click[];
}

/** One object that was found. */
export interface FoundObject {
  /** Its number in the label map. */
  readonly id: number;
  /** Tight box (y1, x1, y2, x2) of its visible pixels: the last row is y2 - 1. */
  readonly box: readonly [y1: number, x1: number, y2: number, x2: number];
  /** Visible pixels. */
  readonly area: number;
  /** Probability of the foreground class, 0..1; null for a network that gives none. */
  readonly classScore: number | null;
  /** Predicted mask quality, or null for a network that predicts none. */
  readonly quality: number | null;
  /** What it was ranked by; null for a network that ranks nothing. */
  readonly confidence: number | null;
}

/** The objects of one image. */
export interface Prediction {
  /** 0 is background, 1..n are the objects. */
  readonly labels: LabelMap;
  /** n objects in the order of their ids. */
  readonly instances: readonly FoundObject[];
}

/** Some rows of a prediction. */
export interface Strip {
  /** The first row. */
  readonly y: number;
  /** All columns of these rows. */
  readonly labels: LabelMap;
  /** The objects whose first row lies in this strip. */
  readonly instances: readonly FoundObject[];
}

/** The values that tuning tries per key of a rule, ascending, with the network's own among them. */
export type RuleGrid = Readonly<Record<string, readonly number[]>>;

/** One value per key of a grid. */
export type RuleSettings = Readonly<Record<string, number>>;

/**
 * Reads images in two halves: an expensive one that runs the network, and a cheap one on plain data that a rule steers.
 * To those who only pass them on, rules and readings are opaque.
 */
export interface Predictor<Rule extends ReadingRule = ReadingRule, Reading = unknown> {
  /** What a rule is: the config's `test`. */
  readonly schema: z.ZodType<Rule>;
  /** What tuning may vary; first what is expensive to change, for tuning changes it least often. */
  readonly grid: RuleGrid;
  /** The part of the config's `test` that settings of the grid change. */
  patchOf(settings: RuleSettings): Partial<Rule>;
  /** Why a rule leaves no object of any image, as one line with the key to change; null if it may leave some. */
  excludesAll(rule: Rule): string | null;
  /** The most lenient of rules: one reading by it serves them all. */
  floorOf(rules: readonly Rule[]): Rule;
  /**
   * The expensive half, of one part of an image. Nothing that `floor` excludes is computed.
   * @param floor - the rule that `decide` will get, or {@link floorOf} those that it may get.
   * @returns plain data.
   */
  read(part: ImagePart, floor: Rule): Promise<Reading>;
  /**
   * The cheap half, of all parts of an image.
   * @param readings - part by part; may be a second look at the same readings.
   * @param size - of the image to be labelled.
   * @returns strips from the first row to the last, ids 1..n over all of them.
   */
  decide(readings: Iterable<Reading> | AsyncIterable<Reading>, size: ImageSize, rule: Rule): AsyncIterable<Strip>;
  /** Predictions per pixel that label maps do not need; absent where there are none. */
  readonly maps?: PixelMaps<Rule, Reading>;
}

/** Predictions per pixel, 0..1, for people to look at. */
export interface PixelMaps<Rule extends ReadingRule = ReadingRule, Reading = unknown> {
  /** The floor of readings that both maps and `decide` can use. */
  floorOf(rule: Rule): Rule;
  /**
   * @param image - as in its file.
   * @param readings - of all its parts, by {@link floorOf} the rule.
   * @returns [h * w] by name.
   */
  predict(image: RgbPixels, readings: readonly Reading[], rule: Rule): Promise<ReadonlyMap<string, Float32Array>>;
  /** The map that is the probability of foreground in the words of a semantic branch; absent without such a branch. */
  readonly foreground?: string;
}
