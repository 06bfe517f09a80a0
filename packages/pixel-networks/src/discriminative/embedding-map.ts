import { createUnet } from '@pffnet/backbone';
import { imageTensor, withoutPadding } from '@pffnet/network';
import type { RgbImage } from '@pffnet/structures';
import { conv2d, type ParamScope } from '@pffnet/tensor-ops';
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { DiscriminativeConfig } from './config.ts';

/** What is predicted of every pixel of an image. */
export type PixelEmbeddings = {
  /** [1, h, w, dimensions]. */
  readonly embeddings: Tensor4D;
  /** [1, h, w, 2] logits, background first. */
  readonly semantic: Tensor4D;
};

/** Predicts embeddings and foreground. */
export type EmbeddingMap = (image: RgbImage) => PixelEmbeddings;

/** Builds a map of embeddings. Parameters: those of the U-Net, `embedding` and `semantic`. */
export function createEmbeddingMap(scope: ParamScope, { unet, dimensions, input }: DiscriminativeConfig): EmbeddingMap {
  const { extract, multiple, channels } = createUnet(scope, unet);
  const readOut = (name: string, outChannels: number) =>
    conv2d(scope.child(name), { kernel: 1, inChannels: channels, outChannels });
  const [embed, classify] = [readOut('embedding', dimensions), readOut('semantic', 2)];
  return (image) =>
    tidy(() => {
      const features = extract(imageTensor(image, input, multiple));
      return {
        embeddings: withoutPadding(embed(features), image),
        semantic: withoutPadding(classify(features), image),
      };
    });
}
