import type { KernelBackend, KernelFunc, TensorInfo, TopKAttrs, TypedArray } from '@tensorflow/tfjs-core';

/**
 * Makes the kernel of the k largest numbers of each row: NaN counts as larger than any number, as in PyTorch and JAX, and
 * of equal numbers the first comes first.
 * @param original - the engine's, for rows without NaN. With one it may lose a number, and the WASM engine's divides by k.
 */
export const topK =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { k } = call.attrs as unknown as TopKAttrs;
    const backend = call.backend as KernelBackend;
    const values = backend.readSync(x.dataId) as TypedArray;
    if (k > 0 && !values.some(Number.isNaN)) return original(call);

    const length = x.shape[x.shape.length - 1];
    const rows = length === 0 ? 0 : values.length / length;
    const shape = [...x.shape.slice(0, -1), k];
    const largest = values.slice(0, rows * k);
    const places = new Int32Array(rows * k);
    for (let row = 0; row < rows; row++) {
      const numbers = values.subarray(row * length, (row + 1) * length);
      largestFirst(numbers)
        .slice(0, k)
        .forEach((place, index) => {
          largest[row * k + index] = numbers[place];
          places[row * k + index] = place;
        });
    }
    return [
      { dataId: backend.write(largest, shape, x.dtype), shape, dtype: x.dtype },
      { dataId: backend.write(places, shape, 'int32'), shape, dtype: 'int32' },
    ];
  };

/** Where the numbers lie, the largest first. */
function largestFirst(numbers: TypedArray): number[] {
  const rank = (place: number): number => (Number.isNaN(numbers[place]) ? Infinity : 0);
  const compare = (a: number, b: number): number =>
    Number(rank(b) > rank(a)) - Number(rank(a) > rank(b)) ||
    Number(numbers[b] > numbers[a]) - Number(numbers[a] > numbers[b]) ||
    a - b;
  return [...numbers.keys()].sort(compare);
}
