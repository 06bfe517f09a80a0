import { type LabelMap, objectIds, type RgbPixels } from '@pffnet/structures';
import { type Colour, colourDifference } from './colour-difference.ts';
import { coloursBesideOutlines, type Sides } from './colours-beside-outlines.ts';

/** Objects no farther apart than this, in pixels, count as neighbours. */
const nearby = 2;

/** Apart from each other, and for dark and light images alike. Green is kept for the truth. */
const palette: readonly Colour[] = [
  [255, 225, 25],
  [60, 245, 245],
  [245, 130, 20],
  [255, 255, 255],
  [250, 40, 250],
  [0, 130, 255],
  [240, 20, 50],
  [0, 0, 0],
];

/** At most `colours` colours take turns: the clearest of those that differ by `difference` in CIELAB from both sides. */
const clear = { difference: 50, colours: 5 };

/**
 * Gives each object a colour that none of its neighbours has and that stands out from the image on both sides of the
 * object's outline: in ascending order of ids, the first one free.
 * @returns per id its colour; the same for the same map and image.
 */
export function adjacentColours(labels: LabelMap, image: RgbPixels): Map<number, Colour> {
  const neighbours = neighboursOf(labels);
  const sides = coloursBesideOutlines(labels, image);
  const indexOf = new Map<number, number>();
  const colours = new Map<number, Colour>();
  objectIds(labels).forEach((id, order) => {
    const taken = new Set([...(neighbours.get(id) ?? [])].map((other) => indexOf.get(other)));
    const free = inOrder(sides.get(id) ?? [], order).find((index) => !taken.has(index));
    let index = free ?? palette.length;
    while (taken.has(index)) index++; // more neighbours than colours in the palette
    indexOf.set(id, index);
    colours.set(id, index < palette.length ? palette[index] : furtherColour(index));
  });
  return colours;
}

/** The palette's indices: the clearest few first, from another one each time, so that lonely objects differ too. */
function inOrder(sides: Sides, order: number): number[] {
  const contrasts = palette.map((colour) => Math.min(...sides.map((side) => colourDifference(colour, side))));
  const byContrast = [...palette.keys()].sort((a, b) => contrasts[b] - contrasts[a]);
  const best = byContrast.slice(0, clear.colours).filter((index) => contrasts[index] >= clear.difference);
  const start = order % Math.max(1, best.length);
  return [...best.slice(start), ...best.slice(0, start), ...byContrast.slice(best.length)];
}

function neighboursOf({ height, width, data }: LabelMap): Map<number, Set<number>> {
  const neighbours = new Map<number, Set<number>>();
  const add = (from: number, to: number): void => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, new Set([to]));
    else known.add(to);
  };
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const id = data[pixel];
      if (id === 0) continue;
      for (let dy = 0; dy <= nearby && y + dy < height; dy++) {
        for (let dx = dy === 0 ? 1 : -nearby; dx <= nearby; dx++) {
          if (x + dx < 0 || x + dx >= width) continue;
          const other = data[pixel + dy * width + dx];
          if (other === 0 || other === id) continue;
          add(id, other);
          add(other, id);
        }
      }
    }
  }
  return neighbours;
}

/** Steps of a golden section round the circle of hues: many colours before two are alike. */
function furtherColour(index: number): Colour {
  const hue = (index * 0.618034) % 1;
  const part = (shift: number): number =>
    Math.round(255 * Math.min(1, Math.max(0, Math.abs(((hue + shift) % 1) * 6 - 3) - 1)));
  return [part(0), part(2 / 3), part(1 / 3)];
}
