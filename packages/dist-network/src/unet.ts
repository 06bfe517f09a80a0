import { conv2d, groupNorm, kaimingNormal, type ParamScope, transposedConv2d } from '@pffnet/tensor-ops';
import { concat, maxPool, reshape, type Tensor3D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { DistConfig } from './config.ts';

type Layer = (x: Tensor4D) => Tensor4D;

/** A U-Net with one output per pixel. */
export interface Unet {
  /**
   * @param image - [1, h, w, 3] float32; h and w are multiples of {@link Unet.multiple}.
   * @returns [1, h, w].
   */
  predict(image: Tensor4D): Tensor3D;
  /** What h and w must be multiples of. */
  readonly multiple: number;
}

/**
 * Builds a U-Net: two 3x3 convolutions per level, each with group norm and ReLU; 2x2 max pooling on the way down, 2x2
 * transposed convolutions on the way up, whose results are joined by what the way down saw; a 1x1 convolution to one
 * output. Convolutions are padded, so that the map is as large as the image.
 * Parameters: `down<level>`, `up<level>` (`enlarge`, `first`, `second`) and `distance`.
 * @remarks Source: Ronneberger et al. 2015; sources.md row 38.
 */
export function createUnet(scope: ParamScope, { width, depth, groups }: DistConfig['unet']): Unet {
  const widthAt = (level: number): number => width * 2 ** level;
  const levels = Array.from({ length: depth + 1 }, (_, level) => level);
  const down = levels.map((level) =>
    twoConvolutions(scope.child(`down${level}`), level === 0 ? 3 : widthAt(level - 1), widthAt(level), groups),
  );
  const up = levels.slice(0, depth).map((level) => {
    const at = scope.child(`up${level}`);
    const channels = { inChannels: widthAt(level + 1), outChannels: widthAt(level) };
    return {
      enlarge: transposedConv2d(at.child('enlarge'), channels),
      convolve: twoConvolutions(at, 2 * widthAt(level), widthAt(level), groups),
    };
  });
  const readOut = conv2d(scope.child('distance'), { kernel: 1, inChannels: width, outChannels: 1 });

  return {
    multiple: 2 ** depth,
    predict: (image) =>
      tidy(() => {
        const seen = [down[0](image)];
        for (const convolve of down.slice(1)) seen.push(convolve(maxPool(seen[seen.length - 1], 2, 2, 'valid')));
        let features = seen[depth];
        for (let level = depth - 1; level >= 0; level--) {
          const { enlarge, convolve } = up[level];
          features = convolve(concat([seen[level], enlarge(features)], 3));
        }
        const distances = readOut(features);
        return reshape(distances, [distances.shape[0], distances.shape[1], distances.shape[2]]);
      }),
  };
}

/** Twice: 3x3 convolution, group norm, ReLU. */
function twoConvolutions(scope: ParamScope, inChannels: number, outChannels: number, groups: number): Layer {
  const layer = (at: ParamScope, inChannels: number): Layer => {
    const convolve = conv2d(at, { kernel: 3, inChannels, outChannels, bias: false, init: kaimingNormal });
    const norm = groupNorm(at.child('norm'), { channels: outChannels, groups, activation: 'relu' });
    return (x) => norm(convolve(x));
  };
  const first = layer(scope.child('first'), inChannels);
  const second = layer(scope.child('second'), outChannels);
  return (x) => second(first(x));
}
