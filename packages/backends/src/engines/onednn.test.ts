import { beforeAll, describe, expect, test } from '@jest/globals';
import { levelOfBoxes } from '@pffnet/structures';
import { groupNormalize, type NormActivation, roiAlign, roiAlignDirect } from '@pffnet/tensor-ops';
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
import {
  getKernel,
  grad,
  grads,
  mul,
  setBackend,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
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

  const boxes = Float32Array.of(
    ...[10, 12, 40, 30, -20, -20, 100, 120, 5, 5, 5, 9, 50, 60, 70, 90, -90, -90, -60, -60],
    ...[0.5, 0.25, 3, 4],
  );
  const levels = [noise([1, 16, 20, 5], 'fine'), noise([1, 8, 10, 5], 'middle'), noise([1, 1, 1, 5], 'coarse')];

  test.each([
    ['roiAlign', roiAlign, 'continuous'],
    ['roiAlign', roiAlign, 'legacy'],
    ['roiAlignDirect', roiAlignDirect, 'continuous'],
    ['roiAlignDirect', roiAlignDirect, 'legacy'],
  ] as const)('%s agrees with its other form on the CPU engine, %3$s', async (name, align, geometry) => {
    const spec = { side: 7, strides: [4, 8, 64], geometry };
    const levelOfBox = Int32Array.of(0, 1, 2, 2, 0, 0);
    const run = (...maps: Tensor[]): Tensor => align(maps as Tensor4D[], boxes, levelOfBox, spec);
    const upstream = (): Tensor => fromNumbers(noise([6, 7, 7, 5], 'upstream'));
    const both = (...maps: Tensor[]): Tensor[] =>
      name === 'roiAlign' ? [run(...maps), ...grads(run)(maps, upstream())] : [run(...maps)];
    await expectSameOn('onednn', levels, both, { atol: 1e-5, rtol: 1e-5 });
  });

  test('roiAlign passes no boxes through, forward and backward, and leaves no other tensor', async () => {
    const spec = { side: 2, strides: [4], geometry: 'continuous' } as const;
    const none = new Float32Array(0);
    const run = (map: Tensor): Tensor =>
      roiAlign([map as Tensor4D], none, levelOfBoxes(none, { count: 1 }, 'continuous'), spec);
    const slope = (map: Tensor): Tensor => grad((value: Tensor) => sum(mul(run(value), 2)))(map);
    await expectSameOn('onednn', [levels[0]], (map) => [run(map), slope(map)]);
    await setBackend('onednn');
    const map = fromNumbers(levels[0]) as Tensor4D;
    expect(newTensors(() => roiAlign([map], boxes, new Int32Array(6), spec))).toBe(1);
  });
});
