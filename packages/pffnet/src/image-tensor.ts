import type { RgbImage } from '@pffnet/structures';
import { slice, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import type { PffnetConfig } from './config.ts';

/** Largest stride of the pyramid's inputs: sides are padded to a multiple of it. */
const SIZE_MULTIPLE = 32;

/**
 * What the network sees of an image: (pixel - mean) / deviation in the config's channel order, then zeros to the right
 * and below up to a multiple of 32.
 * @returns [1, h, w, 3] float32.
 * @remarks Source: released code (sources.md row 24); golden case `image_padding`.
 */
export function imageTensor(
  image: RgbImage,
  { channelOrder, mean, deviation }: Omit<PffnetConfig['input'], 'scaling'>,
): Tensor4D {
  const height = roundUp(image.height);
  const width = roundUp(image.width);
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

const roundUp = (side: number): number => Math.ceil(side / SIZE_MULTIPLE) * SIZE_MULTIPLE;
