import { describe, expect, test } from '@jest/globals';
import { grads, mul, ones, sum, type Tensor, tensor4d, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { backgroundAttention } from './background-attention.ts';
import { createSemanticHead } from './create-semantic-head.ts';
import { type SemanticHeadConfig, semanticHeadSchema } from './semantic-heads.ts';
import type { InstanceFeatures, SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';

const spec: SemanticHeadSpec = { bottomUpChannels: [1, 1, 1, 1], pyramidChannels: 3 };
const configOf = (options: object = {}): SemanticHeadConfig =>
  semanticHeadSchema.parse({ kind: 'aunet', channels: 4, groups: 2, layers: 1, ...options }) as SemanticHeadConfig;

/** Maps of P2-P5 of an image of 32 x 64 pixels. */
const mapsOf = (name: string): Tensor4D[] =>
  [0, 1, 2, 3].map((level) => randomTensor([1, 8 / 2 ** level, 16 / 2 ** level, 3], `${name} ${level}`)) as Tensor4D[];
const levels = mapsOf('level');
const proposals = mapsOf('proposals');
const maskLogits = randomTensor([2, 4, 4, 2], 'masks') as Tensor4D;
const boxes = Float32Array.of(2, 3, 20, 25, 10, 30, 31, 60);
const instances: InstanceFeatures = { proposals, maskLogits, boxes };

const unread: Tensor4D = ones([1, 1, 1, 1]);
const featuresOf = ([p2, p3, p4, p5]: Tensor4D[]): SemanticFeatures => ({
  c: [unread, unread, unread, unread],
  p: [p2!, p3!, p4!, p5!, unread],
});
const create = (scope: ParamScope, options: object = {}): SemanticHead =>
  createSemanticHead(scope, spec, configOf(options));

describe('backgroundAttention', () => {
  test('raises a map by half where objects say nothing, hardly where they are sure, and by half again in each channel', () => {
    using scope = ParamScope.root(1);
    const attend = backgroundAttention(scope, { objectChannels: 1, channels: 2, groups: 1 });
    scope.assign(new Map([['attend/kernel', { shape: [1, 1, 1, 1], data: Float32Array.of(1) }]]));
    scope.assign(new Map([['select/norm/scale', { shape: [2], data: new Float32Array(2) }]]));
    const map = tensor4d([1, 2, 1, 2], [1, 1, 2, 2]);
    // 1 - sigmoid(0) = 1/2 and 1 - sigmoid(40) = 0; the gate is sigmoid(0) = 1/2.
    const raised = attend(map, tensor4d([0, 40], [1, 1, 2, 1]));
    expect(raised).toBeAllClose([1 * 1.5 * 1.5, 2 * 1.5 * 1.5, 1 * 1.5, 2 * 1.5], { atol: 1e-6, rtol: 0 });
  });
});

describe('AunetHead', () => {
  test('carries levels, proposals and masks to the logits, and agrees with finite differences', () => {
    using scope = ParamScope.root(2);
    const head = create(scope, { groups: 1 });
    const run = (...maps: Tensor[]): Tensor =>
      head.predict(featuresOf(maps.slice(0, 4) as Tensor4D[]), {
        proposals: maps.slice(4, 8) as Tensor4D[],
        maskLogits: maps[8] as Tensor4D,
        boxes,
      });
    const inputs = [...levels, ...proposals, maskLogits];
    const weights = randomTensor([1, 32, 64, 2], 'weights');
    expect(run(...inputs).shape).toEqual([1, 32, 64, 2]);
    const gradients = tidy(() => grads((...maps: Tensor[]) => sum(mul(run(...maps), weights)))(inputs));
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
    expect(gradientError(run, inputs, { entries: 2, step: 1e-2 })).toBeLessThan(1e-2);
  });

  test('predicts without RoIs', () => {
    using scope = ParamScope.root(2);
    const none = { proposals, maskLogits: zeros([0, 4, 4, 2]) as Tensor4D, boxes: new Float32Array(0) };
    const logits = create(scope).predict(featuresOf(levels), none);
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
  });

  test('reads probabilities or logits of masks, as the config says', () => {
    const logitsOf = (scatter: string): Float32Array => {
      using scope = ParamScope.root(2);
      return create(scope, { scatter }).predict(featuresOf(levels), instances).dataSync() as Float32Array;
    };
    expect(logitsOf('logits')).not.toEqual(logitsOf('probabilities'));
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const head = create(scope);
    expect(newTensors(() => head.predict(featuresOf(levels), instances))).toBe(1);
  });

  test('says that it needs instances', () => {
    using scope = ParamScope.root(1);
    expect(() => create(scope).predict(featuresOf(levels))).toThrow(
      'predict: expected proposals and masks to attend to, got none',
    );
  });
});
