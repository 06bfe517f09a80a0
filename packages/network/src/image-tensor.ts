import type { RgbImage } from '@pffnet/structures';
import { slice, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import type { NetworkConfig } from './network-config.ts';

/** Largest stride of a pyramid's inputs. */
const PYRAMID_STRIDE = 32;

/**
 * What the network sees of an image: (pixel - mean) / deviation in the config's channel order, then zeros to the right
 * and below up to a multiple of the network's largest stride.
 * @param multiple - what rows and columns are padded to a multiple of; 32 by default.
 * @returns [1, h, w, 3] float32.
 * @remarks Source: released code (sources.md row 24); golden case `image_padding`.
 */
export function imageTensor(
  image: RgbImage,
  { channelOrder, mean, deviation }: Omit<NetworkConfig['input'], 'scaling'>,
  multiple = PYRAMID_STRIDE,
): Tensor4D {
  const height = roundUp(image.height, multiple);
  const width = roundUp(image.width, multiple);
  const source = channelOrder === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const values = new Float32Array(height * width * 3);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const from = (y * image.width + x) * 3;
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        values[to + channel] = (image.data[from + source[channel]] - mean[channel]) / deviation[channel];
      }
    }
  }
  return tensor4d(values, [1, height, width, 3]);
}

/** Leaves out of a map at image resolution what {@link imageTensor} padded. */
export function withoutPadding(map: Tensor4D, { height, width }: { height: number; width: number }): Tensor4D {
  return slice(map, [0, 0, 0, 0], [1, height, width, map.shape[3]]);
}

const roundUp = (side: number, multiple: number): number => Math.ceil(side / multiple) * multiple;
