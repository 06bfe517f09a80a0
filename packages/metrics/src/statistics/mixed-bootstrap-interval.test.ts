import { describe, expect, test } from '@jest/globals';
import { ConfigError, randomStream, ShapeError } from '@pffnet/structures';
import { bootstrapInterval } from './bootstrap-interval.ts';
import { mixedBootstrapInterval } from './mixed-bootstrap-interval.ts';

const stream = (seed = 1) => randomStream(seed, 'bootstrap');
const width = ({ low, high }: { low: number | null; high: number | null }): number => high! - low!;

describe('mixedBootstrapInterval', () => {
  test('of equal values is a point', () => {
    const equal = [[[2, 2]], [[2, 2], [2, 2]]]; // prettier-ignore
    expect(mixedBootstrapInterval(equal, { stream: stream(), resamples: 50 })).toEqual({
      estimate: 2,
      low: 2,
      high: 2,
    });
  });

  test('of two patients with one image and one seed sees their four samples', () => {
    // Means 0, 1/2, 1/2, 1: a quarter below 1/2, a quarter above.
    const at = (confidence: number) =>
      mixedBootstrapInterval([[[0]], [[1]]], { stream: stream(), confidence, resamples: 4000 });
    expect(at(0.4)).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
    expect(at(0.6)).toEqual({ estimate: 0.5, low: 0, high: 1 });
  });

  test('two seeds that disagree on every image leave it as open as two images would', () => {
    // The seeds are drawn once for all images: means 0, 1/2, 1/2, 1, however many images there are.
    const images = Array.from({ length: 40 }, () => [0, 1]);
    const { low, high } = mixedBootstrapInterval([images], { stream: stream(), confidence: 0.6, resamples: 4000 });
    expect([low, high]).toEqual([0, 1]);
  });

  test('weighs images, not patients, in the estimate', () => {
    const { estimate } = mixedBootstrapInterval([[[1]], [[0], [0], [0]]], { stream: stream(), resamples: 10 });
    expect(estimate).toBe(0.25);
  });

  test('is that of the images where every patient has one, and wider where images of a patient are alike', () => {
    const random = randomStream(7, 'values');
    const levels = Array.from({ length: 20 }, () => random.normal());
    const single = mixedBootstrapInterval(
      levels.map((level) => [[level]]),
      { stream: stream() },
    );
    const plain = bootstrapInterval(levels, { stream: stream(2) });
    expect(width(single) / width(plain)).toBeCloseTo(1, 1);
    const alike = levels.map((level) => Array.from({ length: 10 }, () => [level + 0.01 * random.normal()]));
    const overImages = bootstrapInterval(alike.flat(2), { stream: stream(3) });
    expect(width(mixedBootstrapInterval(alike, { stream: stream() })) / width(overImages)).toBeGreaterThan(2.5);
  });

  test('is the same for the same stream', () => {
    const values = [[[0.3, 0.5], [0.9, 0.2]], [[0.65, 0.1]]]; // prettier-ignore
    const interval = (seed: number) => mixedBootstrapInterval(values, { stream: stream(seed), resamples: 200 });
    expect(interval(1)).toEqual(interval(1));
    expect(interval(2)).not.toEqual(interval(1));
  });

  test('of nothing is nothing', () => {
    const nothing = { estimate: null, low: null, high: null };
    expect(mixedBootstrapInterval([], { stream: stream() })).toEqual(nothing);
    expect(mixedBootstrapInterval([[], []], { stream: stream() })).toEqual(nothing);
  });

  test('refuses images with different numbers of seeds, and options that make no sense', () => {
    const call =
      (options: object, values = [[[1]]]) =>
      () =>
        mixedBootstrapInterval(values, { stream: stream(), ...options });
    expect(call({}, [[[1, 2]], [[1]]])).toThrow(
      new ShapeError('mixedBootstrapInterval: expected one value per seed, got images with 2 and 1'),
    );
    expect(call({ confidence: 95 })).toThrow(
      new ConfigError('mixedBootstrapInterval: expected a confidence between 0 and 1, got 95'),
    );
    expect(call({ resamples: 0 })).toThrow(
      new ConfigError('mixedBootstrapInterval: expected a positive number of resamples, got 0'),
    );
  });
});
