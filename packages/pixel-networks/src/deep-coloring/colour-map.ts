import { createUnet } from '@pffnet/backbone';
import { imageTensor, withoutPadding } from '@pffnet/network';
import type { RgbImage } from '@pffnet/structures';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';
import { logSoftmax, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { DeepColoringConfig } from './config.ts';

/** Predicts ln p of the colours of every pixel: [1, h, w, colours + 1] of an image, background first. */
export type ColourMap = (image: RgbImage) => Tensor4D;

/** Builds a map of colours. Parameters: those of the U-Net, and `colour`. */
export function createColourMap(scope: ParamScope, { unet, colours, input }: DeepColoringConfig): ColourMap {
  const { extract, multiple, channels } = createUnet(scope, unet);
  const readOut = conv2d(scope.child('colour'), { kernel: 1, inChannels: channels, outChannels: colours + 1 });
  return (image) =>
    tidy((): Tensor4D => logSoftmax(withoutPadding(readOut(extract(imageTensor(image, input, multiple))), image)));
}
