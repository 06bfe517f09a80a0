import { fillShallowMinima, type HeightMap, labelMinima, watershed } from '@pffnet/postprocess';
import { compactLabels, type LabelMap } from '@pffnet/structures';
import type { DistRule } from './config.ts';

/** Steps in which a pixel of distance is counted. The released code counts whole pixels. */
export const STEPS_PER_PIXEL = 16;

/** How a negated map of predicted distances is cut into objects. */
type Cut = Pick<DistRule, 'minDistance' | 'minDepth' | 'borders'>;

/**
 * Negates a map of predicted distances, in whole steps, so that the pixels furthest inside an object are the minima.
 * Negative distances count as 0.
 */
export function depthsOf(distances: ArrayLike<number>): Uint16Array {
  const depths = new Uint16Array(distances.length);
  for (let pixel = 0; pixel < depths.length; pixel++) {
    depths[pixel] = GROUND - Math.min(GROUND, Math.max(0, stepsOf(distances[pixel])));
  }
  return depths;
}

/** Distances in steps, from what {@link depthsOf} gives. */
export const stepsAbove = (depths: Uint16Array): Uint32Array => Uint32Array.from(depths, (depth) => GROUND - depth);

/**
 * Cuts a map of predicted distances into objects by a watershed of the negated map: its markers are the h-minima, its
 * mask the foreground.
 * @param depths - by {@link depthsOf}.
 * @returns ids 1..n in reading order of the objects' minima. Foreground without a minimum becomes background.
 * @remarks Source: released code (sources.md row 38).
 */
export function separateObjects(depths: HeightMap, { minDistance, minDepth, borders }: Cut): LabelMap {
  const edge = GROUND - Math.floor(minDistance * STEPS_PER_PIXEL);
  const filled = fillShallowMinima(depths, stepsOf(minDepth));
  const foreground = new Uint8Array(depths.data.length);
  const hollow = new Uint8Array(depths.data.length);
  for (let pixel = 0; pixel < foreground.length; pixel++) {
    if (depths.data[pixel] >= edge) continue;
    foreground[pixel] = 1;
    // A basin that is filled up to the ground does not count.
    if (filled.data[pixel] < GROUND) hollow[pixel] = 1;
  }
  const flooded = watershed(filled, labelMinima(filled, hollow), foreground);
  return compactLabels(borders === 'removed' ? withoutBorders(flooded) : flooded).labels;
}

/** Where nothing is predicted. */
const GROUND = 65535;

const stepsOf = (distance: number): number => Math.round(distance * STEPS_PER_PIXEL);

/** Leaves out the pixels that have another object among their eight neighbours. */
function withoutBorders({ height, width, data }: LabelMap): LabelMap {
  const kept = data.slice();
  const part = (pixel: number, other: number): void => {
    if (data[pixel] === data[other] || data[pixel] === 0 || data[other] === 0) return;
    kept[pixel] = 0;
    kept[other] = 0;
  };
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (data[pixel] === 0) continue;
      if (x + 1 < width) part(pixel, pixel + 1);
      if (y + 1 === height) continue;
      if (x > 0) part(pixel, pixel + width - 1);
      part(pixel, pixel + width);
      if (x + 1 < width) part(pixel, pixel + width + 1);
    }
  }
  return { height, width, data: kept };
}
