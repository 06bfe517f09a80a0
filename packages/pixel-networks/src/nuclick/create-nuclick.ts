import {
  type Click,
  type LabelledImage,
  type LossTermSpec,
  type Network,
  type Streams,
  withoutDecisions,
} from '@pffnet/network';
import { shuffle } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import { tensor3d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { groupsOf } from '../groups-of.ts';
import { CROP_CHANNELS, cropPlace, type CropPlace, writeCrop } from './click-crop.ts';
import { clickLoss } from './click-loss.ts';
import { createClickMasks } from './click-masks.ts';
import { ClickPredictor } from './click-predictor.ts';
import type { NuclickConfig } from './config.ts';
import { deepestClicks, randomClicks } from './draw-clicks.ts';

/** The terms of the loss. */
export const termsOf = ({ loss }: NuclickConfig): LossTermSpec[] => [
  { name: 'dice', weight: loss.diceWeight, symbol: 'dice', meaning: 'overlap of masks at clicks with their objects' },
  { name: 'cross-entropy', weight: loss.crossEntropyWeight, symbol: 'bce', meaning: 'pixels of masks at clicks' },
];

/**
 * Builds NuClick: a network that is given a click on an object, and predicts its mask. In training a few objects of a patch are clicked
 * at random; in tests clicks are drawn from the truth.
 * @param scope - the root in which parameters are declared; by default they are drawn from the config's seed.
 * @throws ConfigError if `unet.groups` does not divide `unet.width`, or poolings do not divide `crop`.
 * @remarks Source: Jahanifar et al. 2019 and their code; sources.md row 48.
 */
export function createNuclick(config: NuclickConfig, scope: ParamScope = ParamScope.root(config.seed)): Network {
  const masks = createClickMasks(scope, config);
  const trainable = scope.variables();
  return {
    config,
    scope,
    trainable,
    groups: groupsOf(trainable, ['down', 'up', 'mask']),
    terms: termsOf(config),
    learn: (sample, streams) => {
      const { crops, truth, count } = clickedCrops(sample, config, streams);
      const { crop } = config;
      return withoutDecisions(() =>
        tidy(() =>
          clickLoss(masks(tensor4d(crops, [count, crop, crop, CROP_CHANNELS])), tensor3d(truth, [count, crop, crop])),
        ),
      );
    },
    predictor: () => new ClickPredictor(config, masks),
    clicksFor: deepestClicks,
  };
}

/** Crops around clicks on a few random objects, and the pixels of these objects; one crop without a click where there is no object. */
function clickedCrops({ image, labels }: LabelledImage, config: NuclickConfig, streams: Streams) {
  const { crop, clicksPerStep, input } = config;
  const stream = streams('clicks');
  const clicks = randomClicks(labels, stream);
  const order = shuffle([...clicks.keys()], stream).slice(0, clicksPerStep);
  const middle = { y: image.height / 2, x: image.width / 2 };
  const chosen: (Click | null)[] = order.length === 0 ? [null] : order.map((index) => clicks[index]);
  const [count, pixels] = [chosen.length, crop * crop];
  const crops = new Float32Array(count * pixels * CROP_CHANNELS);
  const truth = new Float32Array(count * pixels);
  chosen.forEach((own, index) => {
    const place = cropPlace(own ?? middle, crop);
    const others = clicks.filter((click) => click !== own);
    const size = pixels * CROP_CHANNELS;
    writeCrop(crops.subarray(index * size, (index + 1) * size), image, place, { own, others }, input);
    if (own !== null) writeObject(truth.subarray(index * pixels, (index + 1) * pixels), labels, place, own);
  });
  return { crops, truth, count };
}

/** Writes 1 where a crop shows the clicked object. */
function writeObject(
  into: Float32Array,
  { height, width, data }: LabelledImage['labels'],
  { y: top, x: left, side }: CropPlace,
  click: Click,
): void {
  const id = data[Math.floor(click.y) * width + Math.floor(click.x)];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
      if (data[y * width + x] === id) into[(y - top) * side + x - left] = 1;
    }
  }
}
