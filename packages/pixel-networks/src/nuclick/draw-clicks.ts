import type { Click } from '@pffnet/network';
import { chessboardDistance } from '@pffnet/postprocess';
import { type LabelMap, type RandomStream, rankIds } from '@pffnet/structures';

/**
 * A click on every object, as a person might set it: at the middle of one of the pixels that lie deepest in it.
 * @returns one per object in ascending order of ids; the first pixel of equals in reading order.
 */
export function deepestClicks(labels: LabelMap): Click[] {
  return pixelsByDepth(labels).map(({ pixels, depths }) => {
    let deepest = 0;
    for (let index = 1; index < pixels.length; index++) if (depths[index] > depths[deepest]) deepest = index;
    return placeOf(labels, pixels[deepest]);
  });
}

/**
 * A click on every object at the middle of a random pixel of its inner part: at least half as far from the edge as its
 * deepest one.
 * @returns one per object in ascending order of ids.
 */
export function randomClicks(labels: LabelMap, stream: RandomStream): Click[] {
  return pixelsByDepth(labels).map(({ pixels, depths }) => {
    const most = depths.reduce((largest, depth) => Math.max(largest, depth), 0);
    const inner = pixels.filter((_, index) => depths[index] * 2 >= most);
    return placeOf(labels, inner[stream.integer(inner.length)]);
  });
}

/** The pixels of every object, and how far each lies from the edge. */
function pixelsByDepth(labels: LabelMap): { pixels: number[]; depths: number[] }[] {
  const distances = chessboardDistance(labels);
  const { ids, data, rank } = rankIds(labels);
  const found = [...ids].map(() => ({ pixels: [] as number[], depths: [] as number[] }));
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0) continue;
    const { pixels, depths } = found[rank[data[pixel]] - 1];
    pixels.push(pixel);
    depths.push(distances[pixel]);
  }
  return found;
}

const placeOf = ({ width }: LabelMap, pixel: number): Click => ({
  y: Math.floor(pixel / width) + 0.5,
  x: (pixel % width) + 0.5,
});
