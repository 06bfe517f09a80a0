import { type HeightMap, HIGHEST } from './height-map.ts';
import { reconstructByErosion } from './reconstruct-by-erosion.ts';

/**
 * Fills every hollow by a depth: the h-minima transform. Hollows that are no deeper than that vanish, the others become
 * shallower and keep their place.
 * @param depth - h, a whole number of at least 0.
 * @remarks Source: Soille, Morphological Image Analysis, 6.3.4: reconstruction by erosion of `heights + depth` above
 * `heights`.
 */
export function fillShallowMinima(heights: HeightMap, depth: number): HeightMap {
  if (depth === 0) return heights;
  const raised = heights.data.slice();
  for (let pixel = 0; pixel < raised.length; pixel++) raised[pixel] = Math.min(HIGHEST, raised[pixel] + depth);
  return reconstructByErosion({ ...heights, data: raised }, heights);
}
