import { describe, expect, test } from '@jest/globals';
import { type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, randomTensor } from '@pffnet/tensor-ops/testing';
import { scaleParameter } from '../test/scale-parameter.ts';
import { unreachedParameters } from '../test/unreached-parameters.ts';
import { createMaskHead, type MaskHeadConfig } from './mask-heads.ts';

const spec = { inChannels: 2, groups: 2 };
const kinds: MaskHeadConfig[] = [
  { kind: 'deconv', channels: 4 },
  { kind: 'dual', channels: 4, repeatLastConv: false },
  { kind: 'dual', channels: 4, repeatLastConv: true },
];
const parameterCount = (scope: ParamScope): number =>
  [...scope.variables().values()].reduce((total, { size }) => total + size, 0);

describe('createMaskHead', () => {
  test.each(kinds)('gives two 28 x 28 maps per RoI: %j', (config) => {
    using scope = ParamScope.root(5);
    const logits = createMaskHead(scope, spec, config)(randomTensor([2, 14, 14, 2], 'rois'));
    expect(logits.shape).toEqual([2, 28, 28, 2]);
  });

  test('has the parameters of the published structure: dual', () => {
    using scope = ParamScope.root(5);
    createMaskHead(scope, { inChannels: 8, groups: 2 }, { kind: 'dual', channels: 16, repeatLastConv: true });
    const trunk = 9 * 16 * (8 + 16 + 16 + 16) + 4 * 2 * 16;
    const convolutional = 9 * 16 * 64 + 64 + (16 * 2 + 2);
    const connected = 9 * 16 * 16 + 2 * 16 + 9 * 16 * 8 + 2 * 8 + (196 * 8 * 784 + 784);
    expect(parameterCount(scope)).toBe(trunk + convolutional + connected);
  });

  test('has the parameters of the published structure: deconv', () => {
    using scope = ParamScope.root(5);
    createMaskHead(scope, { inChannels: 8, groups: 2 }, { kind: 'deconv', channels: 16 });
    expect(parameterCount(scope)).toBe(9 * 16 * (8 + 16 + 16 + 16) + 4 * 2 * 16 + (4 * 16 * 16 + 16) + (16 * 2 + 2));
  });

  test('adds the same non-negative map to both classes: dual', () => {
    using scope = ParamScope.root(5);
    const head = createMaskHead(scope, spec, kinds[1]);
    const rois: Tensor4D = randomTensor([1, 14, 14, 2], 'rois');
    const whole = head(rois).dataSync();
    scope.assign(
      new Map([
        ['connected/map/kernel', { shape: [196 * 2, 784], data: new Float32Array(196 * 2 * 784) }],
        ['connected/map/bias', { shape: [784], data: new Float32Array(784).fill(-1) }],
      ]),
    );
    const convolutional = head(rois).dataSync();
    const added = whole.map((logit, at) => logit - convolutional[at]);
    expect(Math.max(...added)).toBeGreaterThan(0.1);
    for (let at = 0; at < added.length; at += 2) {
      expect(added[at]).toBeGreaterThan(-1e-6);
      expect(added[at + 1]).toBeCloseTo(added[at], 5);
    }
  });

  test.each(kinds)('agrees with finite differences: %j', (config) => {
    using scope = ParamScope.root(5);
    const head = createMaskHead(scope, spec, config);
    scaleParameter(scope, config.kind === 'dual' ? 'convolutional/logits/kernel' : 'logits/kernel', 30);
    const rois: Tensor4D = randomTensor([1, 14, 14, 2], 'roi c');
    expect(gradientError((x) => head(x as Tensor4D), [rois], { entries: 8 })).toBeLessThan(1e-2);
  });

  test.each(kinds)('reaches every parameter: %j', (config) => {
    using scope = ParamScope.root(5);
    const head = createMaskHead(scope, spec, config);
    expect(unreachedParameters(scope, () => [head(randomTensor([1, 14, 14, 2], 'rois'))])).toEqual([]);
  });
});
