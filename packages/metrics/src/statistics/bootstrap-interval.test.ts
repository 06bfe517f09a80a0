import { describe, expect, test } from '@jest/globals';
import { ConfigError, randomStream } from '@pffnet/structures';
import { bootstrapInterval } from './bootstrap-interval.ts';

const stream = (seed = 1) => randomStream(seed, 'bootstrap');

describe('bootstrapInterval', () => {
  test('of equal values is a point', () => {
    const interval = bootstrapInterval([0.5, 0.5, 0.5], { stream: stream(), resamples: 100 });
    expect(interval).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
  });

  test('of two values sees their four samples', () => {
    // Means 0, 1/2, 1/2, 1: a quarter below 1/2, a quarter above.
    const at = (confidence: number) => bootstrapInterval([0, 1], { stream: stream(), confidence, resamples: 4000 });
    expect(at(0.4)).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
    expect(at(0.6)).toEqual({ estimate: 0.5, low: 0, high: 1 });
  });

  test('approaches mean ± 1.96 standard errors for many values', () => {
    const random = randomStream(7, 'values');
    const values = Array.from({ length: 400 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
    const { estimate, low, high } = bootstrapInterval(values, { stream: stream(), resamples: 5000 });
    expect(estimate).toBeCloseTo(mean, 12);
    expect(Math.abs(low! - (mean - (1.96 * sd) / 20))).toBeLessThan(0.1 * (sd / 20));
    expect(Math.abs(high! - (mean + (1.96 * sd) / 20))).toBeLessThan(0.1 * (sd / 20));
  });

  test('of ten values holds the true mean less often than it says: 0.89 for 0.95', () => {
    const random = randomStream(3, 'coverage');
    const stream = randomStream(3, 'bootstrap');
    let held = 0;
    for (let round = 0; round < 1000; round++) {
      const values = Array.from({ length: 10 }, () => random.normal());
      const { low, high } = bootstrapInterval(values, { stream, resamples: 300 });
      if (low! <= 0 && high! >= 0) held++;
    }
    // 0.894 of 3,000 samples with numpy; the standard error here is 0.01.
    expect(Math.abs(held / 1000 - 0.89)).toBeLessThan(0.03);
  });

  test('comes close to the interval of SciPy, which draws other samples', () => {
    const values = [0.02, 0.01, -0.01, 0.03, 0.01, 0.02, -0.01, 0.03, 0.02, 0.02, 0.02, 0, 0.02, -0.01];
    // scipy.stats.bootstrap((values,), mean, n_resamples=200000, method='percentile'), SciPy 1.10.1. The ends of 20,000
    // samples scatter by about 0.0001.
    const { low, high } = bootstrapInterval(values, { stream: stream(), resamples: 20_000 });
    expect(Math.abs(low! - 0.005)).toBeLessThan(0.0008); // means come in steps of 0.01 / 14
    expect(Math.abs(high! - 0.019285714285714264)).toBeLessThan(0.0008);
  });

  test('is the same for the same stream, another for another', () => {
    const values = [0.3, 0.5, 0.9, 0.2, 0.65];
    const interval = (seed: number) => bootstrapInterval(values, { stream: stream(seed), resamples: 200 });
    expect(interval(1)).toEqual(interval(1));
    expect(interval(2)).not.toEqual(interval(1));
  });

  test('takes any statistic, and leaves the values alone', () => {
    const values = [3, 1, 2];
    const largest = bootstrapInterval(values, { stream: stream(), statistic: (sample) => Math.max(...sample) });
    expect(largest).toMatchObject({ estimate: 3, high: 3 });
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is nothing', () => {
    expect(bootstrapInterval([], { stream: stream() })).toEqual({ estimate: null, low: null, high: null });
  });

  test.each([
    [{ confidence: 95 }, 'bootstrapInterval: expected a confidence between 0 and 1, got 95'],
    [{ resamples: 0 }, 'bootstrapInterval: expected a positive number of resamples, got 0'],
  ])('refuses %j', (options, message) => {
    const call = () => bootstrapInterval([1], { stream: stream(), ...options });
    expect(call).toThrow(ConfigError);
    expect(call).toThrow(message);
  });
});
