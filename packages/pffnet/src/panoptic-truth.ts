import { drawSubset } from '@pffnet/instance-head';
import type { Boxes, RandomStream, Size } from '@pffnet/structures';
import type { Truth } from './truth.ts';

/** Some true objects, and whose each cell of P2 is. */
export interface PanopticTruth {
  /** [n * 4] boxes of the objects that are kept. */
  readonly boxes: Boxes;
  /** [h * w] 0 stuff, 1..n the kept objects, n + 1 an object that is not kept, -1 a cell in the padding. */
  readonly target: Int32Array;
}

/** How the objects are drawn. */
export interface PanopticDraw {
  /** Rows and columns of P2. */
  readonly size: Size;
  /** Share of the objects that are kept, 0..1; rounded to whole objects. */
  readonly keep: number;
  readonly stream: RandomStream;
}

/**
 * Keeps a random share of the objects. A cell of P2 belongs to whom the pixel at its centre does, the lower right of the
 * four around it.
 * @remarks Source: Xiong et al. 2019 (UPSNet), Section 3.3; sources.md row 53.
 */
export function panopticTruth({ labels, ids, boxes }: Truth, { size, keep, stream }: PanopticDraw): PanopticTruth {
  const kept = drawSubset(
    Int32Array.from(ids, (_, index) => index),
    Math.round(keep * ids.length),
    stream,
  );
  const numberOf = new Map<number, number>(ids.map((id) => [id, kept.length + 1]));
  kept.forEach((index, at) => numberOf.set(ids[index], at + 1));
  const target = new Int32Array(size.height * size.width).fill(-1);
  for (let y = 0, cell = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, cell++) {
      const [row, column] = [4 * y + 2, 4 * x + 2];
      if (row >= labels.height || column >= labels.width) continue;
      target[cell] = numberOf.get(labels.data[row * labels.width + column]) ?? 0;
    }
  }
  const keptBoxes = new Float32Array(kept.length * 4);
  kept.forEach((index, at) => keptBoxes.set(boxes.subarray(index * 4, index * 4 + 4), at * 4));
  return { boxes: keptBoxes, target };
}
