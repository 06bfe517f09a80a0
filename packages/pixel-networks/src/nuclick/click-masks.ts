import { createUnet } from '@pffnet/backbone';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import { reshape, type Tensor3D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { CROP_CHANNELS } from './click-crop.ts';
import type { NuclickConfig } from './config.ts';

/** Predicts the logit of every pixel of crops that it belongs to the clicked object: [n, s, s, 5] -> [n, s, s]. */
export type ClickMasks = (crops: Tensor4D) => Tensor3D;

/**
 * Builds it. Parameters: those of the U-Net, and `mask`.
 * @throws ConfigError if the crop cannot be pooled as often as the U-Net does.
 */
export function createClickMasks(scope: ParamScope, { unet, crop }: NuclickConfig): ClickMasks {
  if (crop % 2 ** unet.depth !== 0) {
    throw new ConfigError(
      `crop is ${crop}, which ${unet.depth} poolings (unet.depth) cannot halve; expected a multiple of ${2 ** unet.depth}`,
    );
  }
  const { extract, channels } = createUnet(scope, unet, CROP_CHANNELS);
  const readOut = conv2d(scope.child('mask'), { kernel: 1, inChannels: channels, outChannels: 1 });
  return (crops) =>
    tidy((): Tensor3D => {
      const [count, height, width] = crops.shape;
      return reshape(readOut(extract(crops)), [count, height, width]);
    });
}
