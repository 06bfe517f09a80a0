import { clone, customGrad, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';

/** The same values, through which no gradient flows: upstream receives zeros. */
export function stopGradient<T extends Tensor>(x: T): T {
  const stop = customGrad((...args) => {
    const [input] = args as unknown as [T];
    return { value: clone(input), gradFunc: (dy: Tensor) => zerosLike(dy) };
  });
  return tidy(() => stop(x) as T);
}
