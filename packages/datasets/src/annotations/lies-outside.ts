import type { Size } from '@pffnet/structures';

/** Whether the box around outlines and the image have no area in common. @param outlines - each x, y, x, y, … */
export function liesOutside(outlines: readonly ArrayLike<number>[], { height, width }: Size): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const outline of outlines) {
    for (let at = 0; at + 1 < outline.length; at += 2) {
      const [x, y] = [outline[at], outline[at + 1]];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return right <= 0 || left >= width || bottom <= 0 || top >= height;
}
