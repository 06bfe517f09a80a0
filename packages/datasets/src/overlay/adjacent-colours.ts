import { type LabelMap, objectIds } from '@pffnet/structures';

/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Objects no farther apart than this, in pixels, count as neighbours. */
const nearby = 2;

/** Apart from each other, from pink and purple tissue, and bright on black; green is kept for the truth. */
const palette: readonly Colour[] = [
  [255, 225, 25],
  [0, 130, 255],
  [245, 130, 20],
  [60, 245, 245],
  [230, 20, 60],
  [255, 255, 255],
  [250, 40, 250],
  [170, 140, 255],
];

/**
 * Gives each object a colour that none of its neighbours has: in ascending order of ids, the first one free.
 * @returns per id its colour; the same for the same map.
 */
export function adjacentColours(labels: LabelMap): Map<number, Colour> {
  const neighbours = neighboursOf(labels);
  const indexOf = new Map<number, number>();
  const colours = new Map<number, Colour>();
  objectIds(labels).forEach((id, order) => {
    const taken = new Set([...(neighbours.get(id) ?? [])].map((other) => indexOf.get(other)));
    // Start at another colour each time, so that lonely objects differ too.
    let index = order % palette.length;
    for (let tries = 0; tries < palette.length && taken.has(index); tries++) index = (index + 1) % palette.length;
    while (taken.has(index)) index++; // more neighbours than colours in the palette
    indexOf.set(id, index);
    colours.set(id, index < palette.length ? palette[index] : furtherColour(index));
  });
  return colours;
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

/** Hues a golden section apart come close to each other late. */
function furtherColour(index: number): Colour {
  const hue = (index * 0.618034) % 1;
  const part = (shift: number): number =>
    Math.round(255 * Math.min(1, Math.max(0, Math.abs(((hue + shift) % 1) * 6 - 3) - 1)));
  return [part(0), part(2 / 3), part(1 / 3)];
}
