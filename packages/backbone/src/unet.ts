import { ConfigError } from '@pffnet/structures';
import { conv2d, groupNorm, inSequence, kaimingNormal, type ParamScope, transposedConv2d } from '@pffnet/tensor-ops';
import { concat, maxPool, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { UnetConfig } from './unet-options.ts';

type Layer = (x: Tensor4D) => Tensor4D;

/** A U-Net without an output: features of every pixel, from which 1x1 convolutions read what a network predicts. */
export interface Unet {
  /**
   * @param image - [b, h, w, inChannels] float32; h and w are multiples of {@link Unet.multiple}.
   * @returns [b, h, w, {@link Unet.channels}].
   */
  extract(image: Tensor4D): Tensor4D;
  /** What h and w must be multiples of. */
  readonly multiple: number;
  /** Channels of the features. */
  readonly channels: number;
}

/**
 * Builds a U-Net: two 3x3 convolutions per level, each with group norm and ReLU; 2x2 max pooling on the way down, 2x2
 * transposed convolutions on the way up, whose results are joined by what the way down saw. Convolutions are padded, so
 * that the features are as large as the image.
 * Parameters: `down<level>` and `up<level>` (`enlarge`, `first`, `second`).
 * @param inChannels - of what it sees: 3 for an image.
 * @throws ConfigError if `groups` does not divide `width`.
 * @remarks Source: Ronneberger et al. 2015; sources.md row 38.
 */
export function createUnet(scope: ParamScope, { width, depth, groups }: UnetConfig, inChannels = 3): Unet {
  if (width % groups !== 0) {
    throw new ConfigError(
      `unet.groups is ${groups}, which does not divide unet.width, ${width}; expected a divisor of it`,
    );
  }
  const widthAt = (level: number): number => width * 2 ** level;
  const levels = Array.from({ length: depth + 1 }, (_, level) => level);
  const down = levels.map((level) =>
    twoConvolutions(scope.child(`down${level}`), level === 0 ? inChannels : widthAt(level - 1), widthAt(level), groups),
  );
  const up = levels.slice(0, depth).map((level) => {
    const at = scope.child(`up${level}`);
    const channels = { inChannels: widthAt(level + 1), outChannels: widthAt(level) };
    return {
      enlarge: transposedConv2d(at.child('enlarge'), channels),
      convolve: twoConvolutions(at, 2 * widthAt(level), widthAt(level), groups),
    };
  });

  return {
    multiple: 2 ** depth,
    channels: width,
    extract: (image) =>
      tidy(() => {
        const seen = [down[0](image)];
        for (const convolve of down.slice(1)) seen.push(convolve(maxPool(seen[seen.length - 1], 2, 2, 'valid')));
        let features = seen[depth];
        for (let level = depth - 1; level >= 0; level--) {
          const { enlarge, convolve } = up[level];
          features = convolve(concat([seen[level], enlarge(features)], 3));
        }
        return features;
      }),
  };
}

/** Twice: 3x3 convolution, group norm, ReLU. */
function twoConvolutions(scope: ParamScope, inChannels: number, outChannels: number, groups: number): Layer {
  const layer = (at: ParamScope, inChannels: number): Layer => {
    const convolve = conv2d(at, { kernel: 3, inChannels, outChannels, bias: false, init: kaimingNormal });
    const norm = groupNorm(at.child('norm'), { channels: outChannels, groups, activation: 'relu' });
    return inSequence(convolve, norm);
  };
  const first = layer(scope.child('first'), inChannels);
  const second = layer(scope.child('second'), outChannels);
  return inSequence(first, second);
}
