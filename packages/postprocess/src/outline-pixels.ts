import type { LabelMap } from '@pffnet/structures';

/**
 * Marks the border pixels of every object: those with a neighbour (above, below, left or right) that does not belong to
 * the same object. The image's edge counts as such a neighbour, so that outlines are closed.
 * @returns [height * width] 1 in border pixels, 0 elsewhere.
 */
export function outlinePixels({ height, width, data }: LabelMap): Uint8Array {
  const outline = new Uint8Array(data.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const id = data[pixel];
      if (id === 0) continue;
      const onEdge = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      const differs =
        onEdge ||
        data[pixel - 1] !== id ||
        data[pixel + 1] !== id ||
        data[pixel - width] !== id ||
        data[pixel + width] !== id;
      if (differs) outline[pixel] = 1;
    }
  }
  return outline;
}
