import { type Tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * Layers one after another. What lies between two of them is disposed of as soon as the next one has read it, so that a
 * prediction needs memory for few maps at once; for a gradient TensorFlow.js keeps what it needs.
 * @param layers - each takes what the one before gives.
 * @returns a layer that borrows its argument, as they do.
 */
export function inSequence<T extends Tensor>(...layers: readonly ((x: T) => T)[]): (x: T) => T {
  return (x) =>
    tidy(() =>
      layers.reduce((value, layer) => {
        const next = layer(value);
        if (value !== x && value !== next) value.dispose();
        return next;
      }, x),
    );
}
