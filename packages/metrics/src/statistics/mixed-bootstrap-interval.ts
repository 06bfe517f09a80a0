import { ConfigError, quantile, type RandomStream, ShapeError } from '@pffnet/structures';
import type { BootstrapInterval } from './bootstrap-interval.ts';

/** By patient, image and seed: `observations[patient][image][seed]`. Every image has one value per seed of training. */
export type Observations = readonly (readonly (readonly number[])[])[];

/** How to resample. */
export interface MixedBootstrapOptions {
  /** Where the draws come from: the same stream gives the same interval. */
  readonly stream: RandomStream;
  /** Share of the resampled means between the ends, 0..1 exclusive; 0.95 by default. */
  readonly confidence?: number;
  /** Samples drawn with replacement; 10,000 by default. */
  readonly resamples?: number;
}

/**
 * Percentile bootstrap interval of a mean whose values hang together: images of one patient are alike, and all images of one
 * seed were scored with the same weights. Each resample draws patients, of every drawn patient as many images as it has, and
 * seeds, which are the same for all images; each with replacement. The mean is over the drawn images, each the mean over the
 * drawn seeds.
 *
 * For two methods give the differences of each image and seed. An interval over images alone, as
 * {@link bootstrapInterval} gives it, says nothing of other patients or of another training.
 * @returns the mean over images, and the interval; all null where there is no image.
 * @throws ShapeError if images have different numbers of seeds; ConfigError if the confidence is not within 0..1 or no
 * resample is asked for.
 * @remarks Source: Davison and Hinkley 1997, section 3.8 (nested and crossed sources of variation). Of two or three seeds or
 * patients it is too narrow, as every bootstrap of few values is.
 */
export function mixedBootstrapInterval(
  observations: Observations,
  { stream, confidence = 0.95, resamples = 10_000 }: MixedBootstrapOptions,
): BootstrapInterval {
  if (!(confidence > 0 && confidence < 1)) {
    throw new ConfigError(`mixedBootstrapInterval: expected a confidence between 0 and 1, got ${confidence}`);
  }
  if (!(Number.isInteger(resamples) && resamples > 0)) {
    throw new ConfigError(`mixedBootstrapInterval: expected a positive number of resamples, got ${resamples}`);
  }
  const patients = observations.filter((images) => images.length > 0);
  const seeds = seedCount(patients);
  if (seeds === 0) return { estimate: null, low: null, high: null };
  const everySeed = Array.from({ length: seeds }, (_, seed) => seed);
  const estimate = meanOver(patients.flat(), everySeed);
  const means = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    const drawnSeeds = draw(everySeed, stream);
    const drawnImages = draw(patients, stream).flatMap((images) => draw(images, stream));
    means[round] = meanOver(drawnImages, drawnSeeds);
  }
  means.sort();
  const outside = (1 - confidence) / 2;
  return { estimate, low: quantile(means, outside), high: quantile(means, 1 - outside) };
}

/** The number of seeds that all images have; 0 without images. */
function seedCount(patients: Observations): number {
  const counts = new Set(patients.flat().map(({ length }) => length));
  if (counts.size > 1) {
    throw new ShapeError(
      `mixedBootstrapInterval: expected one value per seed, got images with ${[...counts].join(' and ')}`,
    );
  }
  const [count = 0] = counts;
  return count;
}

/** As many as there are, with replacement. */
function draw<T>(from: readonly T[], stream: RandomStream): T[] {
  return from.map(() => from[stream.integer(from.length)]);
}

function meanOver(images: readonly (readonly number[])[], seeds: readonly number[]): number {
  let sum = 0;
  for (const image of images) for (const seed of seeds) sum += image[seed];
  return sum / (images.length * seeds.length);
}
