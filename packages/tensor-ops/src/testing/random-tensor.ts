import { type Rank, type ShapeMap, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/structures';

/** Normal draws in a shape. The same name and shape give the same numbers every time. */
export function randomTensor<R extends Rank>(shape: ShapeMap[R], name: string): Tensor<R> {
  const stream = randomStream(1, `random-tensor/${name}`);
  const size = (shape as number[]).reduce((a, b) => a * b, 1);
  return tensor<R>(
    Float32Array.from({ length: size }, () => stream.normal()),
    shape,
  );
}
