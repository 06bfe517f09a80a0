import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf } from './convolution.ts';
import { requireNative } from '../native-of.ts';
import { sumColumns } from './sum-columns.ts';
import { sumRows } from './sum-rows.ts';

/** Neighbouring axes that are all added up: [outer][size][inner]. */
interface Run {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/**
 * Sums over axes. Rows are added up in double precision, columns in float32 in blocks of at most 512 numbers, and the
 * blocks in double precision. tfjs's kernel adds all numbers in one float32, so that the sum of a million times 0.1 is
 * wrong by 1 %.
 * @param axes - not negative.
 * @returns the remaining axes, row-major. The sum over an empty axis is 0.
 */
export function sumAxes(backend: BackendWasm, x: TensorInfo, axes: readonly number[]): Float64Array {
  const runs = runsOf(x.shape, new Set(axes));
  if (util.sizeFromShape(x.shape) === 0) {
    const kept = x.shape.filter((_, axis) => !axes.includes(axis));
    return new Float64Array(util.sizeFromShape(kept));
  }
  const innermost = runs.at(-1);
  if (x.dtype !== 'float32' || innermost === undefined) {
    return runs.reduceRight(addUp, Float64Array.from(backend.typedArrayFromHeap(x)));
  }
  return runs.slice(0, -1).reduceRight(addUp, sumFloats(backend, x, innermost));
}

/** Runs from the first axis to the last, sizes of 1 left out. `inner` counts what is left of later runs. */
function runsOf(shape: readonly number[], reduced: ReadonlySet<number>): Run[] {
  const runs: Run[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (!reduced.has(axis)) inner *= shape[axis];
    else {
      let size = shape[axis];
      while (axis > 0 && (reduced.has(axis - 1) || shape[axis - 1] === 1)) size *= shape[--axis];
      if (size !== 1) runs.unshift({ outer: util.sizeFromShape(shape.slice(0, axis)), size, inner });
    }
  }
  return runs;
}

function sumFloats(backend: BackendWasm, x: TensorInfo, { outer, size, inner }: Run): Float64Array {
  const native = requireNative(backend);
  const source = addressOf(backend, x);
  if (inner === 1) return sumRows(native, { source, rows: outer, count: size });
  return sumColumns(native, { source, images: outer, pixels: size, channels: inner }, { kind: 'columnSums' })[0];
}

function addUp(values: Float64Array, { outer, size, inner }: Run): Float64Array {
  const sums = new Float64Array(outer * inner);
  for (let row = 0, from = 0; row < outer * size; row++) {
    for (let to = Math.floor(row / size) * inner, end = to + inner; to < end; to++) sums[to] += values[from++];
  }
  return sums;
}
