import { describe, expect, test } from '@jest/globals';
import { grads, mul, ones, sum, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { createSemanticHead } from './create-semantic-head.ts';
import { type SemanticHeadConfig, semanticHeadSchema } from './semantic-heads.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';

const spec: SemanticHeadSpec = { bottomUpChannels: [1, 1, 1, 1], pyramidChannels: 4 };
const configOf = (options: object = {}): SemanticHeadConfig =>
  semanticHeadSchema.parse({ kind: 'upsnet', channels: 2, groups: 1, ...options }) as SemanticHeadConfig;

/** P2-P5 of an image of 32 x 64 pixels. */
const levels = [0, 1, 2, 3].map((level) =>
  randomTensor([1, 8 / 2 ** level, 16 / 2 ** level, 4], `level ${level}`),
) as Tensor4D[];
const unread: Tensor4D = ones([1, 1, 1, 1]);
const featuresOf = ([p2, p3, p4, p5]: Tensor4D[]): SemanticFeatures => ({
  c: [unread, unread, unread, unread],
  p: [p2!, p3!, p4!, p5!, unread],
});
const create = (scope: ParamScope, options: object = {}): SemanticHead =>
  createSemanticHead(scope, spec, configOf(options));

describe('UpsnetHead', () => {
  test.each([
    ['plain', 0],
    // Each layer's displacements: 3x3 to 18 channels with a bias.
    ['deformable', 2 * (9 * 256 * 18 + 18) + 9 * 128 * 18 + 18],
  ])('%s: three layers that all levels share, 256, 128 and 128 channels wide', (convolution, displacements) => {
    using scope = ParamScope.root(1);
    createSemanticHead(
      scope,
      { bottomUpChannels: [256, 512, 1024, 2048], pyramidChannels: 256 },
      configOf({ channels: 128, groups: 32, convolution }),
    );
    const layers = 9 * 256 * 256 + 9 * 256 * 128 + 9 * 128 * 128 + 2 * (256 + 128 + 128);
    const expected = layers + displacements + 4 * 128 * 2 + 2;
    expect([...scope.variables().values()].reduce((total, { size }) => total + size, 0)).toBe(expected);
  });

  test('starts alike with moving and with fixed taps', () => {
    const logitsOf = (convolution: string): Float32Array => {
      using scope = ParamScope.root(1);
      const logits = create(scope, { convolution }).predict(featuresOf(levels));
      expect(logits.shape).toEqual([1, 32, 64, 2]);
      return logits.dataSync() as Float32Array;
    };
    expect(logitsOf('deformable')).toBeAllClose(logitsOf('plain'), { atol: 1e-4, rtol: 0 });
  });

  test('carries every level to the logits, and agrees with finite differences', () => {
    using scope = ParamScope.root(2);
    const head = create(scope);
    for (const index of [0, 1, 2]) {
      const bias = Float32Array.from({ length: 18 }, (_, channel) => 0.3 + 0.02 * channel); // between cells
      scope.assign(new Map([[`${index}/conv/offsets/bias`, { shape: [18], data: bias }]]));
    }
    const run = (...maps: Tensor[]): Tensor => head.predict(featuresOf(maps as Tensor4D[]));
    const weights = randomTensor([1, 32, 64, 2], 'weights');
    const gradients = tidy(() => grads((...maps: Tensor[]) => sum(mul(run(...maps), weights)))(levels));
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
    // A step of 0.01 crosses the corner of a ReLU.
    expect(gradientError(run, levels, { entries: 2, step: 3e-3 })).toBeLessThan(5e-3);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const head = create(scope);
    expect(newTensors(() => head.predict(featuresOf(levels)))).toBe(1);
  });

  test('names the map that does not fit, and the size that is impossible', () => {
    using scope = ParamScope.root(1);
    const [p2, , p4, p5] = levels;
    expect(() => create(scope).predict(featuresOf([p2!, p4!, p4!, p5!]))).toThrow(
      'predict: expected P3 [1, 4, 8, 4], got [1, 2, 4, 4]',
    );
    expect(() => create(scope.child('other'), { groups: 3 })).toThrow(
      'semanticHead.groups: expected a divisor of 2 channels, got 3',
    );
  });
});
