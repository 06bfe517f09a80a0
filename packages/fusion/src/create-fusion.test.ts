import { describe, expect, test } from '@jest/globals';
import {
  abs,
  fill,
  gather,
  grads,
  greaterEqual,
  mul,
  type Rank,
  slice,
  sum,
  type Tensor,
  tensor4d,
  type Tensor4D,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError, ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { createFusion } from './create-fusion.ts';
import type { FusionInputs } from './feature-fusion.ts';
import type { PastingOptions } from './fusion-options.ts';
import type { FusionConfig } from './fusions.ts';

const pasting: PastingOptions = { head: 'none', detachMask: false, window: 'exact', geometry: 'continuous' };
const attending = { ...pasting, order: 'sigmoid-resize', channels: 'both', compose: 'sequential' } as const;
const late = { order: 'resize-sigmoid' } as const;
const max = { compose: 'max' } as const;
const residual: FusionConfig = { kind: 'residual-attention', ...attending };
const attention: FusionConfig = { kind: 'attention', ...attending };
const summation: FusionConfig = { kind: 'summation', ...pasting };
const replacement: FusionConfig = { kind: 'replacement', ...pasting };

const kinds: [string, FusionConfig][] = [
  ['replacement', replacement],
  ['summation', summation],
  ['attention', attention],
  ['attention, resized first', { ...attention, ...late }],
  ['attention by the largest', { ...attention, ...max }],
  ['residual attention', residual],
  ['residual attention, resized first', { ...residual, ...late }],
  ['residual attention by the largest', { ...residual, ...max, ...late }],
  ['residual attention of the foreground', { ...residual, channels: 'fg_only' }],
  ['residual attention of the complement', { ...residual, channels: 'fg_complement' }],
  ['replacement in swapped windows', { ...replacement, window: 'released-extent-swap' }],
  ['residual attention in swapped windows', { ...residual, window: 'released-extent-swap' }],
];

/** Without a head, fusions have no parameters and need no scope that outlives the call. */
const fuse = (config: FusionConfig, inputs: FusionInputs): Tensor4D => {
  using scope = ParamScope.root(1);
  return createFusion(scope, config).fuse(inputs);
};

/** RoIs of different shapes that overlap, leave the 7 x 10 image, and lie between pixels. */
const someBoxes = [0, 0, 4, 7, 2.3, 1.8, 6.1, 5, 3, -2, 9, 4, 1, 6, 3, 12, 2, 2, 5, 6];
const someInputs = (count = 5): FusionInputs => ({
  features: randomTensor<Rank.R4>([1, 7, 10, 2], 'features'),
  maskLogits: randomTensor<Rank.R4>([count, 3, 3, 2], 'masks'),
  boxes: Float32Array.from({ length: count * 4 }, (_, index) => someBoxes[index % 20] + (index > 19 ? 0.5 : 0)),
});

const pick = ({ features, maskLogits, boxes }: FusionInputs, order: number[]): FusionInputs => ({
  features,
  maskLogits: gather(maskLogits, order),
  boxes: Float32Array.from(order.flatMap((roi) => [...boxes.subarray(roi * 4, roi * 4 + 4)])),
});

const close = { atol: 1e-5, rtol: 1e-5 };

describe('createFusion', () => {
  /** Two RoIs in a row of four pixels of 1 and -1: the first over pixels 0 and 1, the second over pixels 1 and 2. */
  const row: FusionInputs = {
    features: tensor4d([1, -1, 1, -1, 1, -1, 1, -1], [1, 1, 4, 2]),
    maskLogits: tensor4d([0, Math.log(3), Math.log(3), 0], [2, 1, 1, 2]), // P = (1/2, 3/4) and (3/4, 1/2)
    boxes: Float32Array.of(0, 0, 1, 2, 0, 1, 1, 3),
  };
  const log3 = Math.log(3);
  test.each<[string, FusionConfig, number[]]>([
    ['nothing', { kind: 'none' }, [1, -1, 1, -1, 1, -1, 1, -1]],
    ['the last mask', replacement, [0, log3, log3, 0, log3, 0, 1, -1]],
    ['the sum of masks', summation, [1, -1 + log3, 1 + log3, -1 + log3, 1 + log3, -1, 1, -1]],
    ['the product of masks', attention, [1 / 2, -3 / 4, 3 / 8, -3 / 8, 3 / 4, -1 / 2, 1, -1]],
    ['the largest mask', { ...attention, ...max }, [1 / 2, -3 / 4, 3 / 4, -3 / 4, 3 / 4, -1 / 2, 1, -1]],
    ['every mask above one', residual, [3 / 2, -7 / 4, 21 / 8, -21 / 8, 7 / 4, -3 / 2, 1, -1]],
    ['the largest above one', { ...residual, ...max }, [3 / 2, -7 / 4, 7 / 4, -7 / 4, 7 / 4, -3 / 2, 1, -1]],
    [
      'the foreground everywhere',
      { ...residual, channels: 'fg_to_both' },
      [7 / 4, -7 / 4, 21 / 8, -21 / 8, 3 / 2, -3 / 2, 1, -1],
    ],
    ['the foreground alone', { ...residual, channels: 'fg_only' }, [1, -7 / 4, 1, -21 / 8, 1, -3 / 2, 1, -1]],
    [
      'the foreground and its complement',
      { ...residual, channels: 'fg_complement' },
      [5 / 4, -7 / 4, 15 / 8, -21 / 8, 3 / 2, -3 / 2, 1, -1],
    ],
  ])('fuses by %s', (_, config, expected) => {
    expect(fuse(config, row)).toBeAllClose(expected, close);
  });

  test('refines the fused map by ReLU, 3x3, ReLU, 1x1', () => {
    using scope = ParamScope.root(1);
    const fusion = createFusion(scope, { ...residual, head: 'refine' });
    expect([...scope.variables().keys()]).toEqual(['refine/kernel', 'refine/bias', 'project/kernel', 'project/bias']);
    // The 3x3 swaps channels and takes 1 off; the 1x1 adds 10: what is 1 or less leaves no trace.
    const kernel = new Float32Array(36);
    kernel[4 * 4 + 1] = kernel[4 * 4 + 2] = 1;
    scope.assign(
      new Map([
        ['refine/kernel', { shape: [3, 3, 2, 2], data: kernel }],
        ['refine/bias', { shape: [2], data: Float32Array.of(-1, -1) }],
        ['project/kernel', { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0, 1) }],
        ['project/bias', { shape: [2], data: Float32Array.of(10, 10) }],
      ]),
    );
    expect(fusion.fuse(row)).toBeAllClose([10, 10.5, 10, 11.625, 10, 10.75, 10, 10], close);
  });

  const sequential = kinds.filter(([, config]) => !('compose' in config) || config.compose === 'sequential');
  test.each(sequential)('fuses 70 RoIs at once as if one after the other: %s', (_, config) => {
    // Every RoI shrinks to a pixel or two, so that the products stay moderate.
    const inputs = someInputs(70);
    inputs.boxes.forEach((value, index) => {
      inputs.boxes[index] = index % 4 < 2 ? value + (index % 11) / 2 : inputs.boxes[index - 2] + 1.2;
    });
    let { features } = inputs;
    for (let roi = 0; roi < 70; roi++) features = fuse(config, { ...pick(inputs, [roi]), features });
    expect(fuse(config, inputs)).toBeAllClose(features, { atol: 1e-5, rtol: 1e-4 });
  });

  test('takes the largest probability over 70 RoIs', () => {
    const inputs = someInputs(70);
    const each = Array.from({ length: 70 }, (_, roi) => fuse({ ...residual, ...max }, pick(inputs, [roi])).dataSync());
    const largest = each[0].map((_, index) =>
      each.reduce((best, { [index]: value }) => (Math.abs(value) > Math.abs(best) ? value : best), 0),
    );
    expect(fuse({ ...residual, ...max }, inputs)).toBeAllClose(largest, close);
  });

  test.each(kinds.filter(([, { kind }]) => kind !== 'replacement'))(
    'does not mind the order of RoIs: %s',
    (_, config) => {
      const inputs = someInputs();
      expect(fuse(config, pick(inputs, [3, 1, 4, 0, 2]))).toBeAllClose(fuse(config, inputs), close);
    },
  );

  test.each(kinds.filter(([, { kind }]) => kind === 'residual-attention'))(
    'never lowers a magnitude, and at most doubles it by one RoI: %s',
    (_, config) => {
      const { features, ...rest } = someInputs();
      const fused = abs(fuse(config, { features, ...rest }));
      expect(greaterEqual(fused, abs(features)).dataSync().every(Boolean)).toBe(true);
      const one = abs(fuse(config, pick({ features, ...rest }, [0])));
      expect(
        greaterEqual(mul(abs(features), 2), one)
          .dataSync()
          .every(Boolean),
      ).toBe(true);
    },
  );

  test.each(kinds)('reads whole continuous boxes as legacy boxes that end a pixel earlier: %s', (_, config) => {
    const inputs = someInputs();
    const continuous = inputs.boxes.map((value) => Math.round(value));
    const legacy = continuous.map((value, index) => (index % 4 < 2 ? value : value - 1));
    const ours = fuse(config, { ...inputs, boxes: continuous });
    const theirs = fuse({ ...config, geometry: 'legacy' } as FusionConfig, { ...inputs, boxes: legacy });
    expect(theirs).toBeAllClose(ours, { atol: 0, rtol: 0 });
  });

  test('swaps windows only of boxes that are not square, in square images', () => {
    const square = { ...someInputs(2), boxes: Float32Array.of(1, 2, 4, 5, 0, 0, 6.5, 6.5) };
    const features = slice(square.features, [0, 0, 0, 0], [1, 7, 7, 2]);
    const swapped: FusionConfig = { ...residual, window: 'released-extent-swap' };
    expect(fuse(swapped, { ...square, features })).toBeAllClose(fuse(residual, { ...square, features }), close);
    const tall = { ...square, features, boxes: Float32Array.of(1, 2, 6, 4, 0, 0, 7, 3) };
    const wide = { ...tall, boxes: Float32Array.of(1, 2, 3, 7, 0, 0, 3, 7) };
    expect(fuse(swapped, tall)).toBeAllClose(fuse(residual, wide), close);
  });

  test.each(kinds)('agrees with finite differences in map and masks: %s', (_, config) => {
    const { features, maskLogits, boxes } = someInputs();
    const run = (f: Tensor, m: Tensor): Tensor =>
      fuse(config, { features: f as Tensor4D, maskLogits: m as Tensor4D, boxes });
    expect(gradientError(run, [features, maskLogits])).toBeLessThan(2e-3);
  });

  test('agrees with finite differences through the head', () => {
    const { features, maskLogits, boxes } = someInputs();
    using scope = ParamScope.root(3);
    const fusion = createFusion(scope, { ...residual, head: 'refine' });
    const run = (f: Tensor, m: Tensor): Tensor =>
      fusion.fuse({ features: f as Tensor4D, maskLogits: m as Tensor4D, boxes });
    expect(gradientError(run, [features, maskLogits])).toBeLessThan(2e-3);
  });

  const gradientsOf = (config: FusionConfig, { features, maskLogits, boxes }: FusionInputs): Tensor[] =>
    tidy(() =>
      grads((f: Tensor, m: Tensor) => sum(fuse(config, { features: f as Tensor4D, maskLogits: m as Tensor4D, boxes })))(
        [features, maskLogits],
      ),
    );

  test.each(kinds)('keeps the gradient from detached masks, and values as they are: %s', (_, config) => {
    const inputs = someInputs();
    const detached = { ...config, detachMask: true } as FusionConfig;
    expect(fuse(detached, inputs)).toBeAllClose(fuse(config, inputs), { atol: 0, rtol: 0 });
    const [ofFeatures, ofMasks] = gradientsOf(detached, inputs);
    expect(ofFeatures).toBeAllClose(gradientsOf(config, inputs)[0], { atol: 0, rtol: 0 });
    expect(ofMasks).toBeAllClose(new Float32Array(ofMasks.size), { atol: 0, rtol: 0 });
  });

  test('lets masks that tie for the largest share its gradient', () => {
    const { features, maskLogits, boxes } = pick(someInputs(), [0]);
    const [, alone] = gradientsOf({ ...residual, ...max }, { features, maskLogits, boxes });
    const thrice = { features, maskLogits: tile(maskLogits, [3, 1, 1, 1]), boxes: new Float32Array(12) };
    for (let roi = 0; roi < 3; roi++) thrice.boxes.set(boxes, roi * 4);
    const [, shared] = gradientsOf({ ...residual, ...max }, thrice);
    expect(sum(shared, 0)).toBeAllClose(alone, close);
  });

  test('stays finite, forward and backward, under 200 RoIs that are certain of the same pixels', () => {
    const boxes = Float32Array.from({ length: 800 }, (_, index) => [1, 1, 4, 4][index % 4]);
    const inputs = { ...someInputs(), maskLogits: fill([200, 3, 3, 2], 100) as Tensor4D, boxes };
    const { features } = inputs;
    const [fused, before] = [fuse(residual, inputs), features].map((map) => map.arraySync()[0]);
    // 2^48 where the exact product would be 2^200.
    expect(fused[2][2][1] / before[2][2][1]).toBeAllClose(2 ** 48, { atol: 0, rtol: 1e-5 });
    expect(fused[0][0]).toEqual(before[0][0]);
    const [ofFeatures, ofMasks] = gradientsOf(residual, inputs).map((gradient) => gradient.dataSync());
    expect(Math.max(...ofFeatures)).toBeAllClose(2 ** 48, { atol: 0, rtol: 1e-5 });
    expect(ofMasks.every((value) => value === 0)).toBe(true);
  });

  test.each([attending, { ...attending, ...late }])(
    'stays finite where probabilities round to zero: $order',
    (options) => {
      const boxes = Float32Array.from({ length: 160 }, (_, index) => [1, 1, 4, 4][index % 4]);
      const inputs = { ...someInputs(), maskLogits: fill([40, 3, 3, 2], -200) as Tensor4D, boxes };
      const config: FusionConfig = { kind: 'attention', ...options };
      const fused = fuse(config, inputs).arraySync()[0];
      expect(fused[2][2][1]).toBeAllClose(0, { atol: 1e-30, rtol: 0 });
      for (const gradient of gradientsOf(config, inputs)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    },
  );

  test.each(kinds)('lets the map through when there is no RoI, forward and backward: %s', (_, config) => {
    const features = randomTensor<Rank.R4>([1, 7, 10, 2], 'features');
    const nothing = { features, maskLogits: tensor4d([], [0, 3, 3, 2]), boxes: new Float32Array(0) };
    expect(fuse(config, nothing)).toBeAllClose(features, { atol: 0, rtol: 0 });
    const [ofFeatures, ofMasks] = gradientsOf(config, nothing);
    expect(ofFeatures).toBeAllClose(new Float32Array(140).fill(1), { atol: 0, rtol: 0 });
    expect(ofMasks.shape).toEqual([0, 3, 3, 2]);
  });

  test('refines the map as it is when there is no RoI', () => {
    using scope = ParamScope.root(2);
    const fusion = createFusion(scope, { ...residual, head: 'refine' });
    const { features } = row;
    const far = { features, maskLogits: row.maskLogits, boxes: row.boxes.map((value) => value + 50) };
    const nothing = { features, maskLogits: tensor4d([], [0, 1, 1, 2]), boxes: new Float32Array(0) };
    expect(fusion.fuse(nothing)).toBeAllClose(fusion.fuse(far), close);
  });

  test.each(kinds)('leaves one new tensor per call and two per pair of gradients: %s', (_, config) => {
    const inputs = someInputs();
    expect(newTensors(() => fuse(config, inputs))).toBe(1);
    expect(newTensors(() => gradientsOf(config, inputs))).toBe(2);
  });

  test.each<[string, Partial<FusionInputs>, string]>([
    ['maps', { features: fill([1, 7, 10, 3], 0) }, 'fuse: expected features [1, h, w, 2], got [1, 7, 10, 3]'],
    ['masks', { maskLogits: fill([5, 3, 4, 2], 0) }, 'fuse: expected maskLogits [n, s, s, 2], got [5, 3, 4, 2]'],
    ['boxes', { boxes: new Float32Array(16) }, 'fuse: expected boxes [20] for 5 masks, got [16]'],
  ])('names %s that do not fit', (_, change, message) => {
    const call = (): Tensor4D => fuse(residual, { ...someInputs(), ...change });
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(message);
  });

  test('names a kind that there is not', () => {
    const call = (): Tensor4D => fuse({ ...pasting, kind: 'addition' } as unknown as FusionConfig, someInputs());
    expect(call).toThrow(ConfigError);
    expect(call).toThrow(
      'fusion.kind: expected none, replacement, summation, attention or residual-attention, got addition',
    );
  });
});
