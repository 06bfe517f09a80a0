import { describe, expect, test } from '@jest/globals';
import { randomStream, type RgbImage, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { refusal } from '../../test/refusal.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { medianBlur } from './median-blur.ts';
import { mirroredIndex } from './mirrored-index.ts';

/** A picture whose three channels are the values, the values + 1 and the values + 2. */
const picture = (height: number, width: number, values: readonly number[]): RgbImage => ({
  height,
  width,
  data: Float32Array.from(values.flatMap((value) => [value, value + 1, value + 2])),
});

const channel = ({ data }: RgbImage, index: number): number[] => [...data].filter((_, at) => at % 3 === index);

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const anyPicture = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .chain(([height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 250 }), { minLength: height * width, maxLength: height * width })
      .map((values) => picture(height, width, values)),
  );

describe('mirroredIndex', () => {
  test('runs back and forth over a row of three', () => {
    const indices = Array.from({ length: 14 }, (_, at) => mirroredIndex(at - 5, 3));
    expect(indices).toEqual([1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2]);
  });
});

describe('gaussianBlur', () => {
  test('spreads a point by the bell curve', () => {
    const point = Array.from({ length: 49 }, (_, at) => (at === 24 ? 1000 : 0));
    const blurred = channel(gaussianBlur(picture(7, 7, point), 1), 0);
    const bell = [0, 1, 2, 3].map((distance) => Math.exp((-distance * distance) / 2));
    const total = 2 * mean(bell) * 4 - 1;
    // The middle row of the picture.
    [3, 2, 1, 0, 1, 2, 3].forEach((distance, x) => {
      expect(blurred[21 + x]).toBeCloseTo((1000 * bell[distance]!) / total ** 2, 3);
    });
  });

  test('keeps the mean of every channel, however strong and however small the picture', () => {
    fc.assert(
      fc.property(anyPicture, fc.double({ min: 0.1, max: 4, noNaN: true }), (image, sigma) => {
        const blurred = gaussianBlur(image, sigma);
        for (let index = 0; index < 3; index++) {
          expect(mean(channel(blurred, index))).toBeCloseTo(mean(channel(image, index)), 3);
        }
      }),
    );
  });

  test('keeps a constant picture, and any picture when sigma is 0', () => {
    const flat = picture(4, 5, Array<number>(20).fill(77));
    for (const value of channel(gaussianBlur(flat, 2), 0)) expect(value).toBeCloseTo(77, 4);
    expect(gaussianBlur(flat, 0)).toBe(flat);
  });
});

describe('medianBlur', () => {
  test('removes single spikes', () => {
    const spiked = picture(5, 5, [9, 9, 9, 9, 9, 9, 200, 9, 9, 9, 9, 9, 9, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    expect(channel(medianBlur(spiked, 3), 0)).toEqual(Array<number>(25).fill(9));
  });

  test.each([3, 5, 7])('takes the value of the middle rank of %i x %i pixels', (size) => {
    fc.assert(
      fc.property(anyPicture, (image) => {
        const { height, width } = image;
        const blurred = medianBlur(image, size);
        const radius = (size - 1) / 2;
        const values = channel(image, 1);
        const expected = values.map((_, at) => {
          const around: number[] = [];
          for (let dy = -radius; dy <= radius; dy++) {
            for (let dx = -radius; dx <= radius; dx++) {
              const y = mirroredIndex(Math.floor(at / width) + dy, height);
              around.push(values[y * width + mirroredIndex((at % width) + dx, width)]!);
            }
          }
          return around.sort((a, b) => a - b)[(size * size - 1) / 2];
        });
        expect(channel(blurred, 1)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('changes nothing at size 1', () => {
    const image = picture(1, 2, [3, 4]);
    expect(medianBlur(image, 1)).toBe(image);
  });

  test.each([0, 2, 3.5, -3])('refuses a size of %d', async (size) => {
    expect(await refusal(() => medianBlur(picture(1, 1, [0]), size))).toEqual([
      ShapeError,
      `medianBlur: expected an odd size of 1 or more, got ${size}`,
    ]);
  });
});

describe('gaussianNoise', () => {
  const grey = picture(40, 40, Array<number>(1600).fill(128));

  test('has the deviation asked for and no bias', () => {
    const noise = [...gaussianNoise(grey, 10, randomStream(1, 'noise')).data].map(
      (value, at) => value - grey.data[at]!,
    );
    expect(Math.abs(mean(noise))).toBeLessThan(0.5); // 3.5 standard errors
    expect(Math.sqrt(mean(noise.map((value) => value * value)))).toBeCloseTo(10, 0);
  });

  test('stays within 0..255', () => {
    const { data } = gaussianNoise(grey, 500, randomStream(1, 'noise'));
    expect(data.every((value) => value >= 0 && value <= 255)).toBe(true);
  });

  test('repeats with the stream', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => gaussianNoise(grey, 5, randomStream(seed, 'noise')));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
