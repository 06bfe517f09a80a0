import { imageTensor, type LabelledImage, type LossTermSpec, type Network, withoutDecisions } from '@pffnet/network';
import { chessboardDistance } from '@pffnet/postprocess';
import { ParamScope } from '@pffnet/tensor-ops';
import { mean, type Scalar, slice, square, sub, tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { DistConfig } from './config.ts';
import { DistPredictor } from './dist-predictor.ts';
import { type DistanceMap, distanceMap } from './distance-map.ts';

/** The terms of the loss: one. */
export const terms: readonly LossTermSpec[] = [
  { name: 'distance', weight: 1, symbol: 'dist', meaning: 'squared error of the distance map' },
];

/**
 * Builds DIST: a U-Net that learns how far each pixel of a nucleus lies from its edge, and a watershed of what it
 * predicts.
 * @param scope - the root in which parameters are declared; by default they are drawn from the config's seed.
 * @throws ConfigError if `unet.groups` does not divide `unet.width`.
 * @remarks Source: Naylor et al. 2019 and their code; sources.md row 38.
 */
export function createDist(config: DistConfig, scope: ParamScope = ParamScope.root(config.seed)): Network {
  const distances = distanceMap(scope, config.unet);
  const trainable = scope.variables();
  return {
    config,
    scope,
    trainable,
    groups: groupsOf([...trainable.keys()]),
    terms,
    learn: (sample) => {
      const truth = chessboardDistance(sample.labels);
      return withoutDecisions(() => ({ distance: distanceLoss(distances, config, sample, truth) }));
    },
    predictor: () => new DistPredictor(config, distances),
  };
}

/** Mean over pixels of (predicted - true distance)^2, in square pixels. */
function distanceLoss(
  distances: DistanceMap,
  { input }: DistConfig,
  { image }: LabelledImage,
  truth: Uint16Array,
): Scalar {
  const { height, width } = image;
  return tidy(() => {
    const predicted = slice(
      distances.predict(imageTensor(image, input, distances.multiple)),
      [0, 0, 0],
      [1, height, width],
    );
    return mean(square(sub(predicted, tensor3d(Float32Array.from(truth), [1, height, width]))));
  });
}

/** The way down, the way up, and the output. */
const groupsOf = (paths: readonly string[]): Network['groups'] =>
  new Map(['down', 'up', 'distance'].map((name) => [name, paths.filter((path) => path.startsWith(name))] as const));
