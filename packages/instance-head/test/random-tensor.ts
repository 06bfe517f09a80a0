import { tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/tensor-ops/structures';

/** Seeded normal numbers. */
export function randomTensor(name: string, shape: [number, number, number, number]): Tensor4D {
  const stream = randomStream(11, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, () => stream.normal()),
    shape,
  );
}
