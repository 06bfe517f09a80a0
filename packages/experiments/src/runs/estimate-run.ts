import type { NetworkConfig } from '@pffnet/network';
import { parameterCounts, type Rate, rates } from './rates.ts';

/** Estimated time and disk of a run; null where nothing was measured. */
export interface Estimate {
  readonly seconds: number | null;
  readonly bytes: number | null;
}

/** The images of a run, as far as time and disk depend on them. */
export interface Workload {
  readonly validationImages: number;
  readonly testImages: number;
  /** Of one image. */
  readonly megapixels: number;
}

/** What a rate is known by. */
type RateKey = Pick<NetworkConfig, 'kind' | 'preset'>;

/** @returns the measured rate of a preset on an engine; of the slowest engine that was measured, where none is named. */
export function rateOf({ kind, preset }: RateKey, engine: string): Rate | undefined {
  const known = rates.filter((rate) => rate.kind === kind && rate.preset === preset);
  return known.find((rate) => rate.engine === engine) ?? known[0];
}

/**
 * Time of the steps, in proportion to iterations and the patch's pixels, and of predicting validation and test images; disk
 * of weights (best), weights and momentum (last), and pictures of the test images.
 */
export function estimateRun(
  config: NetworkConfig,
  { validationImages, testImages, megapixels }: Workload,
  engine: string,
): Estimate {
  const { iterations, patch, validateEvery } = config.training;
  const rate = rateOf(config, engine);
  const parameters = parameterCounts[config.kind]?.[config.preset];
  const predicted = Math.ceil(iterations / validateEvery) * validationImages + testImages;
  return {
    seconds:
      rate === undefined
        ? null
        : iterations * rate.secondsPerStep * (patch.size / rate.patch) ** 2 +
          predicted * megapixels * (rate.secondsPerMegapixel ?? 0),
    // Three pictures and a label map per test image, about 2 bytes a pixel each.
    bytes: parameters === undefined ? null : 3 * 4 * parameters + testImages * megapixels * 1e6 * 8,
  };
}
