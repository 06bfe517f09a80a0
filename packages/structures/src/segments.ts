import type { LabelMap } from './label-map.ts';

/** A panoptic segmentation: every pixel belongs to one segment, or to none (0, void). */
export interface Segments {
  readonly map: LabelMap;
  /** The class of each segment, by its id in the map: things have one segment per object, stuff one per image. */
  readonly classOf: ReadonlyMap<number, number>;
  /** Ids of segments that are regions of many objects of their class, which nobody told apart; by default none. */
  readonly crowds?: ReadonlySet<number>;
}
