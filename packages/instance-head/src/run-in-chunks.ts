import { concat, reshape, slice, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Boxes } from '@pffnet/structures';

/**
 * Cuts boxes into runs of `chunk`, the last one shorter.
 * @param boxes - [n * 4].
 * @returns views of `boxes`; none when there are no boxes.
 */
export function* chunksOfBoxes(boxes: Boxes, chunk: number): Generator<Boxes> {
  for (let at = 0; at < boxes.length; at += 4 * chunk) yield boxes.subarray(at, at + 4 * chunk);
}

/**
 * Boxes per run when `count` of them are shared out evenly, so that few runs are filled up with many empty boxes. A multiple
 * of a quarter of `most`: engines that compile or cache by shape see four shapes at most.
 * @param most - boxes that may run at once.
 */
export function evenChunk(count: number, most: number): number {
  const step = Math.max(1, Math.floor(most / 4));
  const even = Math.ceil(count / Math.max(1, Math.ceil(count / most)));
  return Math.min(most, Math.max(step, Math.ceil(even / step) * step));
}

/** How {@link runInChunks} cuts and what it gives when there is nothing to cut. */
export interface ChunkSpec {
  /** Boxes per run. */
  readonly chunk: number;
  /** Shape of one row of each result. */
  readonly rowShapes: readonly (readonly number[])[];
  /**
   * A tensor that the results depend on. Without boxes nothing runs, and the empty results hang on this one, so that a
   * backward pass through them is possible and brings zeros.
   */
  readonly source: Tensor;
}

/**
 * Runs boxes through `describe` in chunks of one size: memory then follows the chunk and not the image, and engines that
 * compile or cache by shape see one shape. The last chunk is filled up with empty boxes, whose rows are cut off again.
 * @param boxes - [n * 4].
 * @param describe - [chunk * 4] boxes -> tensors of `chunk` rows each.
 * @returns the tensors with n rows each.
 */
export function runInChunks(
  boxes: Boxes,
  { chunk, rowShapes, source }: ChunkSpec,
  describe: (boxes: Boxes) => Tensor[],
): Tensor[] {
  return tidy(() => {
    const parts = Array.from(chunksOfBoxes(boxes, chunk), (part) =>
      tidy(() => describeFilledUp(part, chunk, describe)),
    );
    if (parts.length === 1) return parts[0];
    if (parts.length > 1) return rowShapes.map((_, which) => concat(parts.map((part) => part[which])));
    const nothing = slice(source, 0, 0);
    return rowShapes.map((rowShape) => reshape(nothing, [0, ...rowShape]));
  });
}

function describeFilledUp(boxes: Boxes, chunk: number, describe: (boxes: Boxes) => Tensor[]): Tensor[] {
  const count = boxes.length / 4;
  if (count === chunk) return describe(boxes);
  const filledUp = new Float32Array(4 * chunk);
  filledUp.set(boxes);
  return describe(filledUp).map((rows) => slice(rows, 0, count));
}
