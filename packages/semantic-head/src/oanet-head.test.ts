import { describe, expect, test } from '@jest/globals';
import { grads, mul, ones, sum, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { createSemanticHead } from './create-semantic-head.ts';
import { type SemanticHeadConfig, semanticHeadSchema } from './semantic-heads.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';

const spec: SemanticHeadSpec = { bottomUpChannels: [1, 1, 1, 1], pyramidChannels: 3 };
const configOf = (options: object = {}): SemanticHeadConfig =>
  semanticHeadSchema.parse({ kind: 'oanet', channels: 4, groups: 2, ...options }) as SemanticHeadConfig;

/** P2-P5 of an image of 32 x 64 pixels. */
const levels = [0, 1, 2, 3].map((level) =>
  randomTensor([1, 8 / 2 ** level, 16 / 2 ** level, 3], `level ${level}`),
) as Tensor4D[];
const unread: Tensor4D = ones([1, 1, 1, 1]);
const featuresOf = ([p2, p3, p4, p5]: Tensor4D[]): SemanticFeatures => ({
  c: [unread, unread, unread, unread],
  p: [p2!, p3!, p4!, p5!, unread],
});
const create = (scope: ParamScope, options: object = {}): SemanticHead =>
  createSemanticHead(scope, spec, configOf(options));

describe('OanetHead', () => {
  test('has three layers on each level, and classifies their sum', () => {
    using scope = ParamScope.root(1);
    createSemanticHead(
      scope,
      { bottomUpChannels: [256, 512, 1024, 2048], pyramidChannels: 256 },
      configOf({ channels: 128, groups: 32 }),
    );
    // On each level one 3x3 from 256 and two from 128 channels, three norms; then a 1x1 to two classes with its bias.
    const expected = 4 * (9 * 256 * 128 + 2 * 9 * 128 * 128 + 3 * 2 * 128) + 128 * 2 + 2;
    expect([...scope.variables().values()].reduce((total, { size }) => total + size, 0)).toBe(expected);
  });

  test.each([
    ['sum', 4],
    ['concat', 16],
  ])('%s: the classifier reads %d channels of four', (merge, channels) => {
    using scope = ParamScope.root(1);
    const logits = create(scope, { merge }).predict(featuresOf(levels));
    expect(scope.variables().get('classify/kernel')!.shape).toEqual([1, 1, channels, 2]);
    expect(logits.shape).toEqual([1, 32, 64, 2]);
  });

  test('carries every level to the logits, and agrees with finite differences', () => {
    using scope = ParamScope.root(2);
    const head = create(scope, { layers: 1 });
    const run = (...maps: Tensor[]): Tensor => head.predict(featuresOf(maps as Tensor4D[]));
    const weights = randomTensor([1, 32, 64, 2], 'weights');
    const gradients = tidy(() => grads((...maps: Tensor[]) => sum(mul(run(...maps), weights)))(levels));
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
    expect(gradientError(run, levels, { entries: 3, step: 1e-2 })).toBeLessThan(1e-2);
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
      'predict: expected P3 [1, 4, 8, 3], got [1, 2, 4, 3]',
    );
    expect(() => create(scope.child('other'), { groups: 3 })).toThrow(
      'semanticHead.groups: expected a divisor of 4 channels, got 3',
    );
  });
});
