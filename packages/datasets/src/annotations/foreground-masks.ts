import { someNames } from '../nearest-name.ts';

/** A label map, and in how many regions it holds its only id, as `regionsOfOneId` counts them. */
export interface MapRegions {
  readonly name: string;
  readonly regions: number | null;
}

const numberThem =
  "number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling";

/**
 * Says why label maps of one folder are refused as masks of the foreground: there are two or more that hold objects, and
 * each of them holds one id alone, in several regions. Scores and training would take each map for one object.
 * @returns undefined if they may be instance maps: one map alone may well show one object in pieces.
 */
export function masksRefusal(maps: readonly MapRegions[]): string | undefined {
  const filled = maps.filter(({ regions }) => regions !== 0);
  const masks = filled.filter(inPieces);
  if (masks.length < 2 || masks.length < filled.length) return undefined;
  return `label maps hold one id each, ${listed(masks)}: masks of the foreground, each of which would count as one object; ${numberThem}`;
}

/** Names the maps that hold one id alone in several regions. @returns undefined if there are none. */
export function masksWarning(maps: readonly MapRegions[]): string | undefined {
  const masks = maps.filter(inPieces);
  if (masks.length === 0) return undefined;
  return `one id alone, which counts as one object: ${listed(masks)}; if that is a mask, ${numberThem}`;
}

/** Whether the map holds one id alone, in several regions. */
export function inPieces({ regions }: MapRegions): boolean {
  return regions !== null && regions > 1;
}

const listed = (masks: readonly MapRegions[]): string =>
  someNames(masks.map(({ name, regions }) => `${name} in ${regions} regions`));
