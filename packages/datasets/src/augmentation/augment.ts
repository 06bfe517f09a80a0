import type { RandomStream } from '@pffnet/structures';
import type { Sample } from '../sample.ts';
import { flipHorizontal, flipVertical } from './flip.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { medianBlur } from './median-blur.ts';
import { rot90 } from './rot90.ts';
import { type StainJitter, stainJitter } from './stain-jitter.ts';

/** Which random changes a training sample goes through, in this order. Probability 0 switches a change off. */
export interface AugmentationConfig {
  /** Mirror left-right and top-bottom, each with probability 1/2. */
  readonly flips: boolean;
  /** Turn by 0, 90, 180 or 270 degrees, each with probability 1/4. */
  readonly quarterTurns: boolean;
  /** Sigma is drawn evenly from 0..maxSigma pixels. */
  readonly gaussianBlur: { readonly probability: number; readonly maxSigma: number };
  /** The side of the square is drawn from `sizes`: odd pixels. */
  readonly medianBlur: { readonly probability: number; readonly sizes: readonly number[] };
  /** The deviation is drawn evenly from 0..maxDeviation grey values. */
  readonly gaussianNoise: { readonly probability: number; readonly maxDeviation: number };
  readonly stainJitter: { readonly probability: number } & StainJitter;
}

/** Nothing changes. */
export const noAugmentation: AugmentationConfig = {
  flips: false,
  quarterTurns: false,
  gaussianBlur: { probability: 0, maxSigma: 0 },
  medianBlur: { probability: 0, sizes: [] },
  gaussianNoise: { probability: 0, maxDeviation: 0 },
  stainJitter: { probability: 0, scale: 0, shift: 0 },
};

/** Flips and quarter turns: what the paper uses for fluorescence images (Section IV-A3). */
export const basicAugmentation: AugmentationConfig = { ...noAugmentation, flips: true, quarterTurns: true };

/**
 * Flips, quarter turns, Gaussian blur, median blur and Gaussian noise: what the paper uses for histopathology and leaves
 * (Section IV-A1). It gives no strengths or probabilities; these are ours, mild enough to keep nuclei of 10 pixels.
 */
export const fullAugmentation: AugmentationConfig = {
  ...noAugmentation,
  flips: true,
  quarterTurns: true,
  gaussianBlur: { probability: 0.1, maxSigma: 1.5 },
  medianBlur: { probability: 0.1, sizes: [3, 5] },
  gaussianNoise: { probability: 0.1, maxDeviation: 10 },
};

/**
 * Draws one random variant of a sample; image and labels stay aligned, and the sample given stays as it is.
 * @returns a sample of the same name; height and width are exchanged after an odd number of quarter turns.
 */
export function augment(sample: Sample, config: AugmentationConfig, stream: RandomStream): Sample {
  const happens = (probability: number): boolean => probability > 0 && stream.uniform() < probability;
  let moved = sample;
  if (config.flips) {
    if (happens(0.5)) moved = flipHorizontal(moved);
    if (happens(0.5)) moved = flipVertical(moved);
  }
  if (config.quarterTurns) moved = rot90(moved, stream.integer(4));
  let { image } = moved;
  if (happens(config.gaussianBlur.probability)) {
    image = gaussianBlur(image, config.gaussianBlur.maxSigma * stream.uniform());
  }
  const { sizes } = config.medianBlur;
  if (sizes.length > 0 && happens(config.medianBlur.probability)) {
    image = medianBlur(image, sizes[stream.integer(sizes.length)]);
  }
  if (happens(config.gaussianNoise.probability)) {
    image = gaussianNoise(image, config.gaussianNoise.maxDeviation * stream.uniform(), stream);
  }
  if (happens(config.stainJitter.probability)) image = stainJitter(image, config.stainJitter, stream);
  return { ...moved, image };
}
