import { type RandomStream, ShapeError } from '@pffnet/structures';
import type { Sample } from '../sample.ts';

/**
 * The grey around a sample that is smaller than the patch: it becomes 0 after the network's mean subtraction, as the
 * network's own padding is (sources.md row 24).
 */
const paddingGrey = 128;

/**
 * Cuts out a square. Where the sample is smaller, it stands at the top left, and the rest is grey (128) background.
 * @param place - side of the square and its first row and column, in pixels; the square lies inside the sample in each
 * direction in which the sample is large enough, and starts at 0 in the others.
 * @returns a sample named `name_y<y>_x<x>`, which is fit for a file; ids stay as they are, objects are cut at the edge.
 * @throws ShapeError if the square leaves the sample.
 */
export function cropPatch(
  { name, image, labels }: Sample,
  { size, y, x }: { readonly size: number; readonly y: number; readonly x: number },
): Sample {
  const { height, width } = labels;
  const [lastY, lastX] = [Math.max(0, height - size), Math.max(0, width - size)];
  if (!isIndex(size - 1, Infinity) || !isIndex(y, lastY) || !isIndex(x, lastX)) {
    throw new ShapeError(
      `cropPatch: expected whole numbers, y in 0..${lastY} and x in 0..${lastX} for size ${size} in ${name} (${height} x ${width}), got y ${y} and x ${x}`,
    );
  }
  const colours = new Float32Array(size * size * 3).fill(paddingGrey);
  const ids = new Uint32Array(size * size);
  const columns = Math.min(size, width);
  for (let row = 0; row < Math.min(size, height); row++) {
    const from = (y + row) * width + x;
    ids.set(labels.data.subarray(from, from + columns), row * size);
    colours.set(image.data.subarray(from * 3, (from + columns) * 3), row * size * 3);
  }
  return {
    name: `${name}_y${y}_x${x}`,
    image: { height: size, width: size, data: colours },
    labels: { height: size, width: size, data: ids },
  };
}

/** A square at a random place, every place equally likely; see {@link cropPatch}. */
export function randomPatch(sample: Sample, size: number, stream: RandomStream): Sample {
  const { height, width } = sample.labels;
  const y = stream.integer(Math.max(0, height - size) + 1);
  const x = stream.integer(Math.max(0, width - size) + 1);
  return cropPatch(sample, { size, y, x });
}

function isIndex(value: number, last: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= last;
}
