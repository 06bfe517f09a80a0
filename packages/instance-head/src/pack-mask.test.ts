import { describe, expect, test } from '@jest/globals';
import { type Tensor4D } from '@tensorflow/tfjs-core';
import { golden, gradientError, nhwc, randomTensor } from '@pffnet/tensor-ops/testing';
import { packedChannels, packMask } from './pack-mask.ts';

const packings = [
  ['view', 'packed_view'],
  ['space-to-depth', 'packed_space_to_depth'],
  ['maxpool', 'packed_maxpool'],
] as const;

describe('packMask', () => {
  test.each(packings)('matches the reference: %s', (packing, name) => {
    const { plain } = golden('quality_head');
    const packed = packMask(nhwc(plain('mask_prob')) as Tensor4D, packing);
    expect(packed.shape[3]).toBe(packedChannels(packing));
    expect(packed).toBeAllClose(nhwc(plain(name)), plain(name));
  });

  test.each(packings)('agrees with finite differences: %s', (packing, _) => {
    const masks: Tensor4D = randomTensor([2, 4, 4, 1], 'masks');
    expect(gradientError((x) => packMask(x as Tensor4D, packing), [masks])).toBeLessThan(2e-3);
  });
});
