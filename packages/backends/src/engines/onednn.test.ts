import { beforeAll, describe, expect, test } from '@jest/globals';
import { groupNormalize, type NormActivation } from '@pffnet/tensor-ops';
import {
  expectSameOn,
  golden,
  goldenWeight,
  gradientError,
  newTensors,
  nhwc,
  noise,
  type ShapedNumbers,
} from '@pffnet/tensor-ops/testing';
import { getKernel, grads, setBackend, type Tensor, tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { defineRoiAlignTests } from '../../test/kernels/define-roi-align-tests.ts';
import { loadBackend } from '../load-backend.ts';

/** Why oneDNN cannot be tested here, or undefined. */
const missing = await loadBackend('onednn').then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);
const onOnednn = missing === undefined ? describe : describe.skip;
const because = missing === undefined ? '' : ` (skipped: ${missing})`;

const fromNumbers = ({ values, shape }: ShapedNumbers): Tensor => tensor(values, [...shape]);

onOnednn(`tensor-ops on oneDNN's own kernels${because}`, () => {
  beforeAll(async () => {
    await setBackend('onednn');
  });

  test('finds those kernels', () => {
    for (const name of ['FusedGroupNormalize', 'GroupNormalizeGrad', 'RoiAlign', 'RoiAlignGrad', 'SgdUpdate']) {
      expect(getKernel(name, 'onednn')).toBeDefined();
    }
  });

  describe.each<NormActivation>(['linear', 'relu'])('group normalisation, %s', (activation) => {
    const normalize =
      (groups: number) =>
      (...[x, scale, shift]: Tensor[]): Tensor =>
        groupNormalize(x as Tensor4D, scale, shift, groups, activation);

    test.each([
      { x: [1, 40, 44, 64], groups: 32 },
      { x: [5, 14, 14, 24], groups: 8 },
      { x: [12, 48], groups: 6 },
      { x: [0, 3, 3, 8], groups: 4 },
    ])('agrees with the composed form on the CPU engine for $x, gradients too', async ({ x, groups }) => {
      const channels = x[x.length - 1];
      const inputs = [noise(x, 'x'), noise([channels], 'scale'), noise([channels], 'shift')];
      const both = (...values: Tensor[]): Tensor[] => [
        normalize(groups)(...values),
        ...grads(normalize(groups))(values, fromNumbers(noise(x, 'upstream'))),
      ];
      await expectSameOn('onednn', inputs, both, { atol: 1e-4, rtol: 1e-4 });
    });

    test('has gradients that agree with finite differences', async () => {
      await setBackend('onednn');
      const inputs = [noise([2, 3, 2, 4], 'x'), noise([4], 'scale'), noise([4], 'shift')].map(fromNumbers);
      expect(gradientError(normalize(2), inputs)).toBeLessThan(2e-3);
    });

    test('leaves its result and nothing else, forward and backward', async () => {
      await setBackend('onednn');
      const inputs = [noise([1, 4, 4, 8], 'x'), noise([8], 'scale'), noise([8], 'shift')].map(fromNumbers);
      expect(newTensors(() => normalize(4)(...inputs))).toBe(1);
      expect(newTensors(() => grads(normalize(4))(inputs))).toBe(3);
    });
  });

  test.each([
    ['a 4-D map', 'x0', 'gn0', 64],
    ['rows of features', 'x1', 'gn1', 1024],
  ])('group normalisation matches the reference on %s, forward and backward', async (_, name, layer, channels) => {
    await setBackend('onednn');
    const { plain, tag } = golden('groupnorm');
    const suffix = name[1];
    const inputs = [
      nhwc(plain(name)),
      tensor(goldenWeight(tag, `${layer}.weight`, [channels])),
      tensor(goldenWeight(tag, `${layer}.bias`, [channels])),
    ];
    const run = (...[x, scale, shift]: Tensor[]): Tensor => groupNormalize(x as Tensor4D, scale, shift, 32);
    expect(run(...inputs)).toBeAllClose(nhwc(plain(`y${suffix}`)), plain(`y${suffix}`));
    const slopes = tidy(() => grads(run)(inputs, nhwc(plain(`upstream${suffix}`))));
    ['grad_x', 'grad_weight', 'grad_bias'].forEach((key, index) => {
      const stored = plain(`${key}${suffix}`);
      expect(slopes[index]).toBeAllClose(nhwc(stored), stored);
    });
  });

  defineRoiAlignTests('onednn');
});
