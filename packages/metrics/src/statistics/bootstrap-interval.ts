import { ConfigError, quantile, type RandomStream } from '@pffnet/structures';

/** How to resample. */
export interface BootstrapOptions {
  /** Where the draws come from: the same stream gives the same interval. */
  readonly stream: RandomStream;
  /** What is estimated from a sample; the mean by default. */
  readonly statistic?: (sample: Float64Array) => number;
  /** Share of the resampled statistics between the ends, 0..1 exclusive; 0.95 by default. */
  readonly confidence?: number;
  /** Samples drawn with replacement; 10,000 by default. */
  readonly resamples?: number;
}

/** A statistic of a sample with an interval for its uncertainty; all null for an empty sample. */
export interface BootstrapInterval {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Percentile bootstrap interval of a statistic, by default the mean.
 *
 * For two methods on the same images give the differences: an interval that excludes 0 speaks for one of them. Of few
 * values it is too narrow: of ten normal ones, that of 0.95 holds the true mean in 0.89 of the cases.
 * @param values - one per image.
 * @throws ConfigError if the confidence is not within 0..1 or no resample is asked for.
 * @remarks Source: Efron and Tibshirani 1993, section 13.3; quantiles interpolate linearly between neighbours.
 */
export function bootstrapInterval(
  values: readonly number[],
  { stream, statistic = mean, confidence = 0.95, resamples = 10_000 }: BootstrapOptions,
): BootstrapInterval {
  if (!(confidence > 0 && confidence < 1)) {
    throw new ConfigError(`bootstrapInterval: expected a confidence between 0 and 1, got ${confidence}`);
  }
  if (!(Number.isInteger(resamples) && resamples > 0)) {
    throw new ConfigError(`bootstrapInterval: expected a positive number of resamples, got ${resamples}`);
  }
  if (values.length === 0) return { estimate: null, low: null, high: null };
  const sample = Float64Array.from(values);
  const estimate = statistic(sample);
  const estimates = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    for (let at = 0; at < sample.length; at++) sample[at] = values[stream.integer(values.length)];
    estimates[round] = statistic(sample);
  }
  estimates.sort();
  const outside = (1 - confidence) / 2;
  return { estimate, low: quantile(estimates, outside), high: quantile(estimates, 1 - outside) };
}

function mean(sample: Float64Array): number {
  let sum = 0;
  for (const value of sample) sum += value;
  return sum / sample.length;
}
