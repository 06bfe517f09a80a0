import { customGrad, type Scalar, scalar, type Tensor, zerosLike } from '@tensorflow/tfjs-core';

/** Zero that hangs on its inputs: every one of them gets a gradient, of zeros. For an image with nothing to learn from. */
export function noLoss(...inputs: Tensor[]): Scalar {
  const zero = customGrad(() => ({ value: scalar(0), gradFunc: () => inputs.map((input) => zerosLike(input)) }));
  return zero(...inputs) as Scalar;
}
