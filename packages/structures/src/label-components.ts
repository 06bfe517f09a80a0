import type { LabelMap } from './label-map.ts';

/**
 * Numbers the connected regions of equal values 1, 2, … in reading order of their first pixels; 0 is background.
 * @param values - [height * width].
 * @param neighbours - 4: regions that touch at a corner only are two; 8: they are one.
 */
export function labelComponents(
  { height, width, data: values }: { height: number; width: number; data: ArrayLike<number> },
  neighbours: 4 | 8,
): LabelMap {
  // By pixel: 1 + an earlier pixel of its region, or itself; 0 for background.
  const data = new Uint32Array(height * width);
  if (neighbours === 4) joinSides(data, values, width);
  else joinSidesAndCorners(data, values, width);
  let regions = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const before = data[pixel];
    // The earlier pixel has its number by now.
    if (before !== 0) data[pixel] = before === pixel + 1 ? ++regions : data[before - 1];
  }
  return { height, width, data };
}

function joinSides(data: Uint32Array, values: ArrayLike<number>, width: number): void {
  for (let pixel = 0, x = 0; pixel < data.length; pixel++, x = x === width - 1 ? 0 : x + 1) {
    const value = values[pixel];
    if (value === 0) continue;
    const isLeft = x > 0 && values[pixel - 1] === value;
    const isAbove = pixel >= width && values[pixel - width] === value;
    data[pixel] = isLeft ? data[pixel - 1] : isAbove ? data[pixel - width] : pixel + 1;
    // Round a pixel between them, both are joined already.
    if (isLeft && isAbove && values[pixel - width - 1] !== value) join(data, pixel - 1, pixel - width);
  }
}

function joinSidesAndCorners(data: Uint32Array, values: ArrayLike<number>, width: number): void {
  for (let pixel = 0, x = 0; pixel < data.length; pixel++, x = x === width - 1 ? 0 : x + 1) {
    const value = values[pixel];
    if (value === 0) continue;
    const above = pixel - width;
    if (above >= 0 && values[above] === value) {
      data[pixel] = data[above]; // which meets the three others
      continue;
    }
    const [isFirst, isLast] = [x === 0, x === width - 1];
    const left =
      !isFirst && values[pixel - 1] === value
        ? pixel - 1
        : !isFirst && above > 0 && values[above - 1] === value
          ? above - 1
          : -1;
    const right = !isLast && above >= 0 && values[above + 1] === value ? above + 1 : -1;
    data[pixel] = left >= 0 ? data[left] : right >= 0 ? data[right] : pixel + 1;
    if (left >= 0 && right >= 0) join(data, left, right);
  }
}

/** Makes the regions of two pixels one, whose first pixel is the earlier of both. */
function join(data: Uint32Array, one: number, other: number): void {
  const [a, b] = [firstOf(data, one), firstOf(data, other)];
  if (a < b) data[b] = a + 1;
  else data[a] = b + 1;
}

/** The first pixel of a region as far as it is known, with the way to it cut in half. */
function firstOf(data: Uint32Array, pixel: number): number {
  while (data[pixel] !== pixel + 1) {
    data[pixel] = data[data[pixel] - 1];
    pixel = data[pixel] - 1;
  }
  return pixel;
}
