import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo, TransposeAttrs } from '@tensorflow/tfjs-core';

/** Rows and columns copied at a time, so that both sides stay in the cache. */
const BLOCK = 16;
/** Smaller matrices are left to tfjs's kernel. */
const FEW = 8;

/**
 * Makes the kernel of transpositions: of a matrix, apart from axes of one.
 * @param original - tfjs's kernel, which is fast for more axes and ten times slower than this for two.
 */
export const transpose =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { perm } = call.attrs as unknown as TransposeAttrs;
    const [first, second, third] = perm.filter((axis) => x.shape[axis] !== 1);
    const [n, m] = [x.shape[first], x.shape[second]];
    const isMatrix = second < first && third === undefined && Math.min(m, n) >= FEW;
    if (!isMatrix || x.dtype === 'string') return original(call);
    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(
      perm.map((axis) => x.shape[axis]),
      x.dtype,
    );
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    for (let firstRow = 0; firstRow < m; firstRow += BLOCK) {
      const endRow = Math.min(m, firstRow + BLOCK);
      for (let firstColumn = 0; firstColumn < n; firstColumn += BLOCK) {
        const endColumn = Math.min(n, firstColumn + BLOCK);
        for (let column = firstColumn; column < endColumn; column++) {
          for (let row = firstRow; row < endRow; row++) to[column * m + row] = from[row * n + column];
        }
      }
    }
    return result;
  };
