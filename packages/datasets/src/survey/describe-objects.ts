import { compactLabels, type LabelMap } from '@pffnet/structures';

/** What a label map says of one object. */
export interface ObjectFacts {
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  /** Tight, in image pixels: a pixel at (y, x) covers y to y + 1 and x to x + 1. */
  readonly box: readonly [y1: number, x1: number, y2: number, x2: number];
  /** Regions that do not meet, not even at a corner; 1 for an object in one piece. */
  readonly parts: number;
  /** Another object is next to one of its pixels, corners included. */
  readonly touches: boolean;
  /** It has pixels at the edge of the image, behind which it may go on. */
  readonly cut: boolean;
}

/** @returns the objects of a label map in ascending order of their ids. */
export function describeObjects(labels: LabelMap): ObjectFacts[] {
  const { labels: compact, ids } = compactLabels(labels);
  const { height, width, data } = compact;
  const objects = ids.map((id) => ({
    id,
    area: 0,
    box: [height, width, 0, 0] as [number, number, number, number],
    parts: 0,
    touches: false,
    cut: false,
  }));
  const seen = new Uint8Array(data.length);
  const stack: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || seen[start] === 1) continue;
    const object = objects[data[start] - 1];
    const { box } = object;
    object.parts++;
    seen[start] = 1;
    stack.push(start);
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const x = pixel % width;
      const y = (pixel - x) / width;
      object.area++;
      if (y < box[0]) box[0] = y;
      if (x < box[1]) box[1] = x;
      if (y >= box[2]) box[2] = y + 1;
      if (x >= box[3]) box[3] = x + 1;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const row = y + dy;
          const column = x + dx;
          if (row < 0 || row >= height || column < 0 || column >= width) {
            object.cut = true;
            continue;
          }
          const next = row * width + column;
          if (data[next] === data[start]) {
            if (seen[next] === 1) continue;
            seen[next] = 1;
            stack.push(next);
          } else if (data[next] !== 0) {
            object.touches = true;
          }
        }
      }
    }
  }
  return objects;
}
