import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import fc from 'fast-check';
import { anySample, isTied, tiedSample } from '../../test/any-sample.ts';
import { type AugmentationConfig, augment, basicAugmentation, fullAugmentation, noAugmentation } from './augment.ts';

const grid = tiedSample(2, 3, [1, 2, 3, 4, 5, 6]);

describe('augment', () => {
  test('keeps image and labels aligned, pixel by pixel', () => {
    fc.assert(
      fc.property(anySample(), fc.integer(), (sample, seed) =>
        isTied(augment(sample, basicAugmentation, randomStream(seed, 'augmentation'))),
      ),
    );
  });

  test('reaches all eight flips and turns', () => {
    const stream = randomStream(1, 'augmentation');
    const seen = new Set(
      Array.from({ length: 200 }, () => {
        const { labels } = augment(grid, basicAugmentation, stream);
        return `${labels.height}: ${labels.data.join(' ')}`;
      }),
    );
    expect(seen.size).toBe(8);
  });

  const only = (change: Partial<AugmentationConfig>): AugmentationConfig => ({ ...noAugmentation, ...change });

  test.each([
    ['Gaussian blur', only({ gaussianBlur: { probability: 1, maxSigma: 2 } })],
    ['median blur', only({ medianBlur: { probability: 1, sizes: [3] } })],
    ['Gaussian noise', only({ gaussianNoise: { probability: 1, maxDeviation: 20 } })],
    ['stain jitter', only({ stainJitter: { probability: 1, scale: 0.2, shift: 0.05 } })],
  ])('%s changes the image and never the labels', (_, config) => {
    const changed = augment(grid, config, randomStream(1, 'augmentation'));
    expect(changed.labels).toEqual(grid.labels);
    expect(changed.image).not.toEqual(grid.image);
    expect(changed.image.data).toHaveLength(18);
  });

  test('draws the same variant from the same stream, and leaves the sample as it was', () => {
    const before = structuredClone(grid);
    for (let seed = 0; seed < 20; seed++) {
      const [a, b] = [0, 1].map(() => augment(grid, fullAugmentation, randomStream(seed, 'augmentation')));
      expect(a).toEqual(b);
    }
    expect(grid).toEqual(before);
  });

  test('changes nothing when everything is off', () => {
    expect(augment(grid, noAugmentation, randomStream(1, 'augmentation'))).toEqual(grid);
  });
});
