import { describe, expect, test } from '@jest/globals';
import {
  add,
  grads,
  memory,
  mul,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ParamScope, roiAlign, roiAlignDirect } from '@pffnet/tensor-ops';
import { ConfigError, ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { scaleParameter } from '../test/scale-parameter.ts';
import { smallConfig } from '../test/small-config.ts';
import { unreachedParameters } from '../test/unreached-parameters.ts';
import type { InstanceHeadConfig } from './config.ts';
import { createInstanceHead, type InstanceHead } from './instance-head.ts';

const spec = { pyramidChannels: 4 };

/** P2..P6 of a 64 x 64 image. */
const pyramid = [16, 8, 4, 2, 1].map((side): Tensor4D => randomTensor([1, side, side, 4], `P ${side}`));

/** Five boxes: inside, across the border, as large as the image, of one pixel, empty. */
const boxes = new Float32Array(
  [
    [4, 6, 30, 20],
    [-5, 40, 20, 70],
    [0, 0, 64, 64],
    [10, 10, 11, 11],
    [8, 8, 8, 8],
  ].flat(),
);

const tensorsOf = (head: InstanceHead, given: Float32Array, levels = pyramid, pool = roiAlign): Tensor[] => {
  const { logits, deltas } = head.predictBoxes(levels, given, pool);
  const { maskLogits, quality } = head.predictMasks(levels, given, pool);
  return quality === null ? [logits, deltas, maskLogits] : [logits, deltas, maskLogits, quality];
};

describe('createInstanceHead', () => {
  test('proposes on five levels and describes each box', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const { objectness, deltas } = head.propose(pyramid);
    expect(objectness.map(({ shape }) => shape)).toEqual([16, 8, 4, 2, 1].map((side) => [1, side, side, 3]));
    expect(deltas.map(({ shape }) => shape)).toEqual([16, 8, 4, 2, 1].map((side) => [1, side, side, 12]));
    expect(tensorsOf(head, boxes).map(({ shape }) => shape)).toEqual([[5, 2], [5, 4], [5, 28, 28, 2], [5]]);
  });

  test('describes without quality when that head is off', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, { ...smallConfig, quality: { kind: 'none' } });
    expect(head.predictMasks(pyramid, boxes, roiAlign).quality).toBeNull();
    expect([...scope.variables().keys()].some((path) => path.startsWith('quality/'))).toBe(false);
  });

  test('keeps every other initial weight when a head is swapped', () => {
    using scope = ParamScope.root(2);
    using other = ParamScope.root(2);
    createInstanceHead(scope, spec, smallConfig);
    createInstanceHead(other, spec, { ...smallConfig, mask: { kind: 'deconv', channels: 4 } });
    for (const [path, variable] of other.variables()) {
      if (!path.startsWith('mask/')) {
        expect(variable).toBeAllClose(scope.variables().get(path)!, { atol: 0, rtol: 0 });
      }
    }
  });

  test.each([1, 3, 8])('gives the same in chunks of %i, forward and backward', (chunk) => {
    using scope = ParamScope.root(2);
    using other = ParamScope.root(2);
    const light: InstanceHeadConfig = { ...smallConfig, mask: { kind: 'deconv', channels: 2 } };
    const whole = createInstanceHead(scope, spec, { ...light, chunk: 5 });
    const parts = createInstanceHead(other, spec, { ...light, chunk });
    const expected = tensorsOf(whole, boxes);
    tensorsOf(parts, boxes).forEach((actual, which) => {
      expect(actual).toBeAllClose(expected[which], { atol: 1e-5, rtol: 1e-5 });
    });
    const gradientOf = (head: InstanceHead): Tensor[] =>
      tidy(() =>
        grads((...levels: Tensor[]) => {
          const { logits } = head.predictBoxes(levels as Tensor4D[], boxes, roiAlign);
          const { maskLogits, quality } = head.predictMasks(levels as Tensor4D[], boxes, roiAlign);
          return sum(mul(sum(logits), mul(sum(maskLogits), sum(quality!))));
        })(pyramid.slice(0, 4)),
      );
    const wholeGradients = gradientOf(whole);
    gradientOf(parts).forEach((actual, level) => {
      expect(actual).toBeAllClose(wholeGradients[level], { atol: 1e-4, rtol: 1e-3 });
    });
  });

  test('gives the same with both kinds of pooling', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const expected = tensorsOf(head, boxes);
    tensorsOf(head, boxes, pyramid, roiAlignDirect).forEach((actual, which) => {
      expect(actual).toBeAllClose(expected[which], { atol: 1e-4, rtol: 1e-4 });
    });
  });

  test('agrees with finite differences from pyramid to boxes', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    scaleParameter(scope, 'box/logits/kernel', 100);
    const run = (...levels: Tensor[]): Tensor => head.predictBoxes(levels as Tensor4D[], boxes, roiAlign).logits;
    expect(gradientError(run, pyramid.slice(0, 4), { entries: 6 })).toBeLessThan(1e-2);
  });

  test('agrees with finite differences from pyramid through masks to qualities', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    scaleParameter(scope, 'quality/quality/kernel', 300);
    const some = boxes.subarray(0, 8);
    const run = (finest: Tensor): Tensor =>
      head.predictMasks([finest as Tensor4D, ...pyramid.slice(1)], some, roiAlign).quality!;
    expect(gradientError(run, pyramid.slice(0, 1), { entries: 6 })).toBeLessThan(1e-2);
  });

  test('reaches every parameter, and the mask head from the quality alone', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const one = boxes.subarray(0, 4);
    const run = (): Tensor[] => [...Object.values(head.propose(pyramid)).flat(), ...tensorsOf(head, one)];
    expect(unreachedParameters(scope, run)).toEqual([]);
    const judged = unreachedParameters(scope, () => [head.predictMasks(pyramid, one, roiAlign).quality!]);
    expect(judged.filter((path) => path.startsWith('mask/'))).toEqual([]);
  });

  test('takes no boxes, forward and backward', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const none = new Float32Array(0);
    expect(tensorsOf(head, none).map(({ shape }) => shape)).toEqual([[0, 2], [0, 4], [0, 28, 28, 2], [0]]);
    const run = (...levels: Tensor[]): Tensor =>
      tensorsOf(head, none, [...levels, ...pyramid.slice(1)] as Tensor4D[])
        .map((result) => sum(result))
        .reduce((total, term) => add(total, term));
    const [gradient] = grads(run)(pyramid.slice(0, 1));
    expect(gradient).toBeAllClose(new Float32Array(16 * 16 * 4), { atol: 0, rtol: 0 });
  });

  test('leaves its results and nothing else', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const none = new Float32Array(0);
    expect(newTensors(() => ({ ...head.propose(pyramid) }))).toBe(15);
    for (const given of [boxes, boxes.subarray(0, 8), none]) {
      expect(newTensors(() => ({ ...head.predictBoxes(pyramid, given, roiAlign) }))).toBe(2);
      const masks = (): Tensor[] => {
        const { maskLogits, quality } = head.predictMasks(pyramid, given, roiAlign);
        return [maskLogits, quality!];
      };
      expect(newTensors(masks)).toBe(2);
    }
    const before = memory().numTensors;
    tidy(() => {
      variableGrads(() => sum(head.predictBoxes(pyramid, boxes, roiAlign).logits));
    });
    expect(memory().numTensors).toBe(before);
  });

  test.each<[string, Partial<InstanceHeadConfig>]>([
    [
      'box.hidden: expected a number of channels that 2 groups divide, got 7',
      { box: { kind: 'connected', hidden: 7 } },
    ],
    [
      'mask.channels: expected a number of channels that 2 groups divide, got 5',
      { mask: { kind: 'deconv', channels: 5 } },
    ],
    [
      'mask.channels / 2: expected a number of channels that 2 groups divide, got 3',
      { mask: { kind: 'dual', channels: 6, repeatLastConv: false } },
    ],
    [
      'quality.hidden: expected a number of at least 1, got 0',
      { quality: { kind: 'mask-quality', packing: 'view', hidden: 0, negatives: 0 } },
    ],
    ['chunk: expected a whole number, got 0.5', { chunk: 0.5 }],
    ['groups: expected a number of at least 1, got 0', { groups: 0 }],
    ['anchors.sizes: expected 5 values, got [8]', { anchors: { sizes: [8], ratios: [1] } }],
    ['anchors.ratios: expected at least 1 values, got []', { anchors: { sizes: [1, 2, 3, 4, 5], ratios: [] } }],
  ])('refuses %s', (message, patch) => {
    using scope = ParamScope.root(2);
    const create = (): InstanceHead => createInstanceHead(scope, spec, { ...smallConfig, ...patch });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(`instanceHead.${message}`);
    expect(scope.variables().size).toBe(0);
  });

  test('refuses a pyramid as wide as the quality head cannot be', () => {
    using scope = ParamScope.root(2);
    expect(() => createInstanceHead(scope, { pyramidChannels: 5 }, smallConfig)).toThrow(
      'instanceHead.quality (as wide as the pyramid): expected a number of channels that 2 groups divide, got 5',
    );
  });

  test('names the level of a wrong shape', () => {
    using scope = ParamScope.root(2);
    const head = createInstanceHead(scope, spec, smallConfig);
    const wrong = [pyramid[0], tensor(new Float32Array(12), [1, 2, 2, 3]) as Tensor4D];
    expect(() => head.propose(wrong)).toThrow(ShapeError);
    expect(() => head.propose(wrong)).toThrow('propose: expected P3 [1, h, w, 4], got [1, 2, 2, 3]');
  });
});
