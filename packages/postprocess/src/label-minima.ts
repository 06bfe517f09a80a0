import type { LabelMap } from '@pffnet/structures';
import { eightNeighbours, type HeightMap, HIGHEST, withoutRim, withRim } from './height-map.ts';

/**
 * Numbers the regional minima of a surface: connected pixels of one height (of eight neighbours) around which everything
 * is higher. A flat surface is one minimum.
 * @param mask - [height * width]; minima that lie where it is 0 are left out. Everything counts by default.
 * @returns ids 1, 2, … in reading order of their first pixels; 0 is no minimum.
 * @remarks As scikit-image's `label(local_minima(heights, connectivity=2))`, which knows no minimum in a flat surface.
 */
export function labelMinima(heights: HeightMap, mask?: Uint8Array): LabelMap {
  const { height, width } = heights;
  const stride = width + 2;
  const levels = withRim(heights, HIGHEST);
  const ids = new Uint32Array(levels.length);
  const seen = rimOf(heights);
  const plateau = new Int32Array(height * width);
  const neighbours = eightNeighbours(stride);
  let id = 0;
  for (let y = 0, pixel = 0, start = stride + 1; y < height; y++, start += 2) {
    for (let x = 0; x < width; x++, pixel++, start++) {
      if (seen[start] !== 0 || mask?.[pixel] === 0) continue;
      const level = levels[start];
      let isMinimum = true;
      let count = 1;
      plateau[0] = start;
      seen[start] = 1;
      for (let at = 0; at < count; at++) {
        for (const step of neighbours) {
          const neighbour = plateau[at] + step;
          if (levels[neighbour] < level) isMinimum = false;
          if (levels[neighbour] !== level || seen[neighbour] !== 0) continue;
          seen[neighbour] = 1;
          plateau[count++] = neighbour;
        }
      }
      if (!isMinimum) continue;
      id++;
      for (let at = 0; at < count; at++) ids[plateau[at]] = id;
    }
  }
  return { height, width, data: withoutRim(ids, new Uint32Array(height * width), heights) };
}

/** 1 on the rim around an image, 0 in it. */
function rimOf({ height, width }: { readonly height: number; readonly width: number }): Uint8Array {
  const rim = new Uint8Array((height + 2) * (width + 2)).fill(1);
  for (let y = 1; y <= height; y++) rim.fill(0, y * (width + 2) + 1, y * (width + 2) + 1 + width);
  return rim;
}
