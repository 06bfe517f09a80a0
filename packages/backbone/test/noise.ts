import { tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/structures';

/** Normal noise, the same at every call with the same arguments. */
export function noise(shape: readonly number[], seed = 1): Tensor4D {
  const stream = randomStream(seed, 'noise');
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, () => stream.normal()),
    [...shape] as [number, number, number, number],
  );
}
