import type { LabelMap, RgbPixels } from '@pffnet/structures';
import type { Colour } from './colour-difference.ts';

/** Mean colours within an object's outline and around it; fewer than two where a side has no pixels. */
export type Sides = readonly Colour[];

/** Steps from a pixel on the outline to the compared sides: beyond a line of one or two pixels. */
const reach = 2;

/** @returns per id the colours between which its outline has to be seen. */
export function coloursBesideOutlines(labels: LabelMap, image: RgbPixels): Map<number, Sides> {
  const sides = new Map<number, { readonly within: Mean; readonly around: Mean }>();
  const { height, width, data } = labels;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const id = data[pixel];
      if (id === 0 || !isOnEdge(labels, y, x)) continue;
      let side = sides.get(id);
      if (side === undefined) sides.set(id, (side = { within: new Mean(), around: new Mean() }));
      for (const [dy, dx] of steps) {
        if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
        const at = pixel + dy * width + dx;
        (data[at] === id ? side.within : side.around).add(image.data, at);
      }
    }
  }
  return new Map([...sides].map(([id, { within, around }]) => [id, [...within.colours(), ...around.colours()]]));
}

const steps = [
  [-reach, 0],
  [reach, 0],
  [0, -reach],
  [0, reach],
] as const;

function isOnEdge({ height, width, data }: LabelMap, y: number, x: number): boolean {
  const at = y * width + x;
  if (y === 0 || x === 0 || y === height - 1 || x === width - 1) return true;
  const id = data[at];
  return data[at - 1] !== id || data[at + 1] !== id || data[at - width] !== id || data[at + width] !== id;
}

/** Mean colour of some pixels. */
class Mean {
  readonly #sum: [number, number, number] = [0, 0, 0];
  #count = 0;

  add(data: RgbPixels['data'], pixel: number): void {
    for (let channel = 0; channel < 3; channel++) this.#sum[channel] += data[pixel * 3 + channel];
    this.#count++;
  }

  /** @returns the mean, or nothing where no pixel was added. */
  colours(): Colour[] {
    const [red, green, blue] = this.#sum.map((sum) => sum / this.#count);
    return this.#count === 0 ? [] : [[red, green, blue]];
  }
}
