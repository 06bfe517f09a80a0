import { describe, expect, test } from '@jest/globals';
import { randomStream, type RgbImage } from '@pffnet/structures';
import fc from 'fast-check';
import { stainJitter } from './stain-jitter.ts';

const image = (...values: number[]): RgbImage => ({
  height: 1,
  width: values.length / 3,
  data: Float32Array.from(values),
});
const stream = (seed = 1) => randomStream(seed, 'stain');
/** 256 exp(-density) - 1. */
const light = (density: number): number => 256 * Math.exp(-density) - 1;
/** A stream whose every draw is the same number. */
const constant = (value: number) => ({ ...stream(), uniform: () => value });

describe('stainJitter', () => {
  test('scales haematoxylin alone as calculated by hand', () => {
    // A pixel of one unit of haematoxylin: densities 0.65, 0.70, 0.29. With a = 0.5 every stain is half as dense again.
    const stained = image(light(0.65), light(0.7), light(0.29));
    const { data } = stainJitter(stained, { scale: 0.5, shift: 0 }, constant(1));
    [light(0.975), light(1.05), light(0.435)].forEach((value, channel) => expect(data[channel]).toBeCloseTo(value, 3));
  });

  test('shifts every stain by the same density on white as calculated by hand', () => {
    const { data } = stainJitter(image(255, 255, 255), { scale: 0, shift: 0.1 }, constant(1));
    [light(0.1 * 0.99), light(0.1 * 2.26), light(0.1 * 1.18)].forEach((value, channel) =>
      expect(data[channel]).toBeCloseTo(value, 3),
    );
  });

  test('changes nothing at strength 0, and stays in 0..255 at any', () => {
    const values = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (rgb, scale, seed) => {
        stainJitter(image(...rgb), { scale: 0, shift: 0 }, stream(seed)).data.forEach((value, channel) =>
          expect(value).toBeCloseTo(rgb[channel]!, 2),
        );
        const { data } = stainJitter(image(...rgb), { scale, shift: scale }, stream(seed));
        expect(data.every((value) => value >= 0 && value <= 255)).toBe(true);
      }),
    );
  });

  test('treats all pixels alike, and leaves the image as it was', () => {
    const before = image(200, 120, 180, 90, 60, 140, 200, 120, 180);
    const copy = structuredClone(before);
    const { data } = stainJitter(before, { scale: 0.2, shift: 0.05 }, stream());
    expect(data.subarray(0, 3)).toEqual(data.subarray(6, 9));
    expect(before).toEqual(copy);
  });

  test('takes an empty image', () => {
    expect(stainJitter(image(), { scale: 0.2, shift: 0.05 }, stream()).data).toHaveLength(0);
  });
});
