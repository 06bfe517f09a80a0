import {
  add,
  cast,
  customGrad,
  div,
  equal,
  type GradSaveFunc,
  matMul,
  maximum,
  mul,
  ones,
  reshape,
  slice,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { PasteWindow } from '@pffnet/tensor-ops';
import type { Placement } from './placement.ts';

/** RoIs whose maps [n, h, w, 1] are held at once; without a tape, memory does not grow with their number. */
const CHUNK = 32;

/**
 * The maps of some RoIs.
 * @param masks - [k, s, s, 1].
 * @param windows - their k windows.
 * @param first - the index of the first one.
 * @returns [k, h, w, 1] at the size of the canvas.
 */
export type RoiMaps = (masks: Tensor4D, windows: readonly PasteWindow[], first: number) => Tensor4D;

/** Sums the RoIs' maps: [1, h, w, 1]. There must be at least one RoI. */
export function sumOverRois(masks: Tensor4D, placement: Placement, maps: RoiMaps): Tensor4D {
  return overChunks(masks, placement, maps, sumMaps, add);
}

/** The largest of the RoIs' maps at every pixel: [1, h, w, 1]. There must be at least one RoI. */
export function maxOverRois(masks: Tensor4D, placement: Placement, maps: RoiMaps): Tensor4D {
  return overChunks(masks, placement, maps, largestMap, maximum);
}

function overChunks(
  masks: Tensor4D,
  { windows }: Placement,
  maps: RoiMaps,
  reduce: (maps: Tensor4D) => Tensor4D,
  combine: (a: Tensor4D, b: Tensor4D) => Tensor4D,
): Tensor4D {
  const [count, side] = masks.shape;
  if (count <= CHUNK) return tidy(() => reduce(maps(masks, windows, 0)));
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, index) => index * CHUNK);
  return chunks
    .map((first) =>
      tidy(() => {
        const size = Math.min(CHUNK, count - first);
        const some: Tensor4D = slice(masks, [first, 0, 0, 0], [size, side, side, 1]);
        return reduce(maps(some, windows.slice(first, first + size), first));
      }),
    )
    .reduce(combine);
}

/** [k, h, w, 1] -> [1, h, w, 1]: a product with a row of ones is the fast sum over the first axis, backward too. */
function sumMaps(maps: Tensor4D): Tensor4D {
  const [count, height, width] = maps.shape;
  return reshape(matMul(ones([1, count]), reshape(maps, [count, height * width])), [1, height, width, 1]);
}

/** [1, h, w, 1] -> [k, h, w, 1] */
function repeatMap(map: Tensor4D, count: number): Tensor4D {
  const [, height, width] = map.shape;
  return reshape(matMul(ones([count, 1]), reshape(map, [1, height * width])), [count, height, width, 1]);
}

/** [k, h, w, 1] -> [1, h, w, 1]; maps that share the largest value share its gradient. */
function largestMap(maps: Tensor4D): Tensor4D {
  const largest = customGrad((...args) => {
    const [input, save] = args as unknown as [Tensor4D, GradSaveFunc];
    const value = halve(input);
    save([input, value]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const [input, value] = saved as [Tensor4D, Tensor4D];
      const count = input.shape[0];
      const winners: Tensor4D = cast(equal(input, repeatMap(value, count)), 'float32');
      return mul(winners, repeatMap(div(dy, sumMaps(winners)), count));
    };
    return { value, gradFunc };
  });
  return largest(maps) as Tensor4D;
}

/** The largest values, halves against halves. */
function halve(maps: Tensor4D): Tensor4D {
  const [count, height, width] = maps.shape;
  if (count === 1) return maps.clone();
  const part = (first: number, size: number): Tensor4D => slice(maps, [first, 0, 0, 0], [size, height, width, 1]);
  const half = count >> 1;
  const largest = halve(maximum(part(0, half), part(half, half)));
  return count % 2 === 0 ? largest : maximum(largest, part(count - 1, 1));
}
