import type { Tensor } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';

/**
 * Checks a tensor's shape where a public call enters.
 * @param expected - one entry per axis: a size, or a letter for any size. The same letter must mean the same size.
 * @throws ShapeError such as `fuse: expected maskLogits [n, s, s, 2], got [3, 28, 28]`.
 */
export function assertShape(
  caller: string,
  name: string,
  tensor: Tensor,
  expected: readonly (number | string)[],
): void {
  const sizes = new Map<string, number>();
  const fits =
    tensor.shape.length === expected.length &&
    expected.every((size, axis) => {
      const actual = tensor.shape[axis];
      if (typeof size === 'number') return size === actual;
      if (!sizes.has(size)) sizes.set(size, actual);
      return sizes.get(size) === actual;
    });
  if (!fits) {
    throw new ShapeError(`${caller}: expected ${name} [${expected.join(', ')}], got [${tensor.shape.join(', ')}]`);
  }
}
