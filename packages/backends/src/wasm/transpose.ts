import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo, TransposeAttrs } from '@tensorflow/tfjs-core';

/** Rows and columns copied at a time, so that both sides stay in the cache. */
const BLOCK = 16;
/** Smaller matrices are left to tfjs's kernel. */
const FEW = 8;

/**
 * Makes the kernel of transpositions: two neighbouring groups of axes that change places, [b][m][n] -> [b][n][m].
 * @param original - tfjs's kernel, for every other permutation.
 */
export const transpose =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { perm } = call.attrs as unknown as TransposeAttrs;
    const sizes = exchanged(x.shape, perm);
    if (sizes === undefined || x.dtype === 'string' || Math.min(sizes.m, sizes.n) < FEW) return original(call);
    const { batch, m, n } = sizes;
    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(
      perm.map((axis) => x.shape[axis]),
      x.dtype,
    );
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    for (let start = 0; start < batch * m * n; start += m * n) {
      for (let firstRow = 0; firstRow < m; firstRow += BLOCK) {
        const endRow = Math.min(m, firstRow + BLOCK);
        for (let firstColumn = 0; firstColumn < n; firstColumn += BLOCK) {
          const endColumn = Math.min(n, firstColumn + BLOCK);
          for (let column = firstColumn; column < endColumn; column++) {
            const target = start + column * m;
            for (let row = firstRow; row < endRow; row++) to[target + row] = from[start + row * n + column];
          }
        }
      }
    }
    return result;
  };

/** The sizes [b][m][n] if the permutation only exchanges the two last groups of axes: 0..i-1, j.., i..j-1. */
function exchanged(
  shape: readonly number[],
  perm: readonly number[],
): { readonly batch: number; readonly m: number; readonly n: number } | undefined {
  const kept = perm.findIndex((axis, index) => axis !== index);
  if (kept < 0) return undefined;
  const rank = shape.length;
  const expected = [
    ...Array.from({ length: rank - perm[kept] }, (_, index) => perm[kept] + index),
    ...Array.from({ length: perm[kept] - kept }, (_, index) => kept + index),
  ];
  if (expected.some((axis, index) => axis !== perm[kept + index])) return undefined;
  const sizeOf = (from: number, to: number): number => shape.slice(from, to).reduce((a, b) => a * b, 1);
  return { batch: sizeOf(0, kept), m: sizeOf(kept, perm[kept]), n: sizeOf(perm[kept], rank) };
}
