import type { PlainTensor } from '@pffnet/structures/safetensors';
import { tensor, type Tensor, transpose } from '@tensorflow/tfjs-core';

/** A stored NCHW map as an NHWC tensor; other ranks unchanged. */
export function nhwc({ shape, data }: PlainTensor): Tensor {
  const stored = tensor(data, [...shape]);
  if (shape.length !== 4) return stored;
  const moved = transpose(stored, [0, 2, 3, 1]);
  stored.dispose();
  return moved;
}
