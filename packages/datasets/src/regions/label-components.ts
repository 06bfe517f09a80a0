import type { LabelMap } from '@pffnet/structures';

/**
 * Numbers the connected regions of equal values 1, 2, … in reading order of their first pixels; 0 is background.
 * @param values - [height * width].
 * @param neighbours - 4: regions that touch at a corner only are two; 8: they are one.
 */
export function labelComponents(
  { height, width, data: values }: { height: number; width: number; data: ArrayLike<number> },
  neighbours: 4 | 8,
): LabelMap {
  const data = new Uint32Array(height * width);
  const stack: number[] = [];
  let id = 0;
  for (let start = 0; start < data.length; start++) {
    const value = values[start];
    if (value === 0 || data[start] !== 0) continue;
    id++;
    data[start] = id;
    stack.push(start);
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const x = pixel % width;
      const y = (pixel - x) / width;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (neighbours === 4 && dy !== 0 && dx !== 0) continue;
          const row = y + dy;
          const column = x + dx;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const next = row * width + column;
          if (values[next] !== value || data[next] !== 0) continue;
          data[next] = id;
          stack.push(next);
        }
      }
    }
  }
  return { height, width, data };
}
