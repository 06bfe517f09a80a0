import { decide, type ForwardPass, type LossTermSpec, type Network } from '@pffnet/network';
import { ParamScope } from '@pffnet/tensor-ops';
import { exp, type Tensor4D } from '@tensorflow/tfjs-core';
import { groupsOf } from '../groups-of.ts';
import { chooseColours, coloringLoss, colourWeights } from './coloring-loss.ts';
import { ColoringPredictor } from './coloring-predictor.ts';
import { createColourMap } from './colour-map.ts';
import type { DeepColoringConfig } from './config.ts';
import { objectRegions, type ObjectRegion } from './object-regions.ts';

/** The terms of the loss. */
export const termsOf = ({ loss }: DeepColoringConfig): LossTermSpec[] => [
  { name: 'background', weight: loss.backgroundWeight, symbol: 'bg', meaning: 'background has the colour of none' },
  { name: 'colouring', weight: 1, symbol: 'col', meaning: 'objects have one colour, their surroundings others' },
];

/**
 * Builds deep colouring: a U-Net that gives every pixel one of a few colours, so that objects that lie near each other have
 * different ones; connected regions of a colour are objects.
 * @param scope - the root in which parameters are declared; by default they are drawn from the config's seed.
 * @throws ConfigError if `unet.groups` does not divide `unet.width`.
 * @remarks Source: Kulikov et al. 2018 and their code; sources.md row 46.
 */
export function createDeepColoring(
  config: DeepColoringConfig,
  scope: ParamScope = ParamScope.root(config.seed),
): Network {
  const colourMap = createColourMap(scope, config);
  const trainable = scope.variables();
  return {
    config,
    scope,
    trainable,
    groups: groupsOf(trainable, ['down', 'up', 'colour']),
    terms: termsOf(config),
    learn: ({ image, labels }) => {
      const regions = objectRegions(labels, config.loss.haloRadius);
      return { decides: true, forward: () => forwardPass(colourMap(image), config, regions) };
    },
    predictor: () => new ColoringPredictor(config, colourMap),
  };
}

/** Colours are chosen by what is predicted; then they are learned. */
function* forwardPass(
  logProbabilities: Tensor4D,
  { loss, colours }: DeepColoringConfig,
  regions: readonly ObjectRegion[],
): ForwardPass {
  const channels = colours + 1;
  const chosen = yield* decide(
    [exp(logProbabilities)],
    ([probabilities]) => chooseColours(probabilities, channels, regions, loss.haloWeight),
    true,
  );
  const pixels = logProbabilities.size / channels;
  return coloringLoss(logProbabilities, colourWeights(pixels, channels, regions, chosen, loss.haloWeight));
}
