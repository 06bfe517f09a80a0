import { createUnet } from '@pffnet/backbone';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';
import { reshape, type Tensor3D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { DistConfig } from './config.ts';

/** A U-Net with one output per pixel: how far it lies from the edge of its nucleus. */
export interface DistanceMap {
  /** @returns [1, h, w] pixels, of an image [1, h, w, 3] whose sides are multiples of {@link DistanceMap.multiple}. */
  predict(image: Tensor4D): Tensor3D;
  readonly multiple: number;
}

/** Builds a map of distances. Parameters: those of the U-Net, and `distance`. */
export function distanceMap(scope: ParamScope, config: DistConfig['unet']): DistanceMap {
  const { extract, multiple, channels } = createUnet(scope, config);
  const readOut = conv2d(scope.child('distance'), { kernel: 1, inChannels: channels, outChannels: 1 });
  return {
    multiple,
    predict: (image) =>
      tidy(() => {
        const distances = readOut(extract(image));
        return reshape(distances, [distances.shape[0], distances.shape[1], distances.shape[2]]);
      }),
  };
}
