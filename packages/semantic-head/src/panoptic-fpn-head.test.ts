import { describe, expect, test } from '@jest/globals';
import { fill, grads, mul, ones, sum, type Tensor, tensor4d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { randomStream } from '@pffnet/structures';
import { gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { createSemanticHead } from './create-semantic-head.ts';
import type { SemanticHeadConfig } from './semantic-heads.ts';
import type { SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';

const spec: SemanticHeadSpec = { bottomUpChannels: [1, 1, 1, 1], pyramidChannels: 3 };
const config: SemanticHeadConfig = { kind: 'panoptic-fpn', channels: 4, groups: 2 };

type Levels = [Tensor4D, Tensor4D, Tensor4D, Tensor4D];

/** P2-P5 of an image of 32 x 64 pixels. */
function levelsOf(make: (shape: [number, number, number, number]) => Tensor4D): Levels {
  return [0, 1, 2, 3].map((level) => make([1, 8 / 2 ** level, 16 / 2 ** level, spec.pyramidChannels])) as Levels;
}

const stream = randomStream(5, 'levels');
const random = (shape: [number, number, number, number]): Tensor4D =>
  tensor4d(
    Float32Array.from({ length: shape[1] * shape[2] * shape[3] }, () => stream.normal()),
    shape,
  );

/** The maps that a backbone would give; nothing but P2-P5 is read. */
function featuresOf(levels: Levels): SemanticFeatures {
  const unread: Tensor4D = ones([1, 1, 1, 1]);
  return { c: [unread, unread, unread, unread], p: [...levels, unread] };
}

const create = (scope: ParamScope): SemanticHead => createSemanticHead(scope, spec, config);

describe('PanopticFpnHead', () => {
  test('has 1, 1, 2 and 3 stages on P2 to P5, and counts 128 channels as Detectron2 does', () => {
    using scope = ParamScope.root(1);
    createSemanticHead(
      scope,
      { bottomUpChannels: [256, 512, 1024, 2048], pyramidChannels: 256 },
      { kind: 'panoptic-fpn', channels: 128, groups: 32 },
    );
    const paths = [...scope.variables().keys()].filter((path) => path.endsWith('/conv/kernel'));
    expect(paths.map((path) => path.slice(0, 4)).sort()).toEqual(
      ['p2/0', 'p3/0', 'p4/0', 'p4/1', 'p5/0', 'p5/1', 'p5/2'].sort(),
    );
    // Four 3x3 from 256, three from 128 channels, seven norms, a 1x1 to two classes with its bias.
    const expected = 4 * 9 * 256 * 128 + 3 * 9 * 128 * 128 + 7 * 2 * 128 + 128 * 2 + 2;
    expect([...scope.variables().values()].reduce((total, { size }) => total + size, 0)).toBe(expected);
  });

  test('adds what each level says, brought to the size of P2, and enlarges the sum four times', () => {
    using scope = ParamScope.root(1);
    const head = create(scope);
    // Norms that give their shift whatever they read: level l says l + 1 everywhere.
    for (const [path, { shape, size }] of scope.variables()) {
      const level = Number(path[1]);
      if (path.endsWith('/scale')) scope.assign(new Map([[path, { shape, data: new Float32Array(size) }]]));
      if (path.endsWith('/shift'))
        scope.assign(new Map([[path, { shape, data: new Float32Array(size).fill(level - 1) }]]));
    }
    // Classes: the sum of the four channels, and its negative plus 1.
    scope.assign(
      new Map([
        ['classify/kernel', { shape: [1, 1, 4, 2], data: Float32Array.of(1, -1, 1, -1, 1, -1, 1, -1) }],
        ['classify/bias', { shape: [2], data: Float32Array.of(0, 1) }],
      ]),
    );
    const logits = head.predict(featuresOf(levelsOf(random)));
    expect(logits.shape).toEqual([1, 32, 64, 2]);
    // (1 + 2 + 3 + 4) * 4 channels.
    const expected = Float32Array.from({ length: 32 * 64 * 2 }, (_, at) => (at % 2 === 0 ? 40 : -39));
    expect(logits).toBeAllClose(expected, { atol: 1e-4, rtol: 0 });
  });

  test('is linear from cell to cell between the centres of P2: the last step is bilinear', () => {
    using scope = ParamScope.root(2);
    const logits = create(scope).predict(featuresOf(levelsOf(random)));
    const columns = logits.arraySync()[0][9].map(([background]) => background);
    for (let cell = 0; cell < 15; cell++) {
      // Pixels 4 c + 2 .. 4 c + 5 lie between the centres of cells c and c + 1, evenly.
      const [a, b, c, d] = columns.slice(4 * cell + 2, 4 * cell + 6);
      expect(b - a).toBeCloseTo(c - b, 4);
      expect(d - c).toBeCloseTo(c - b, 4);
    }
  });

  test('carries every level to the logits, and agrees with finite differences', () => {
    using scope = ParamScope.root(2);
    const head = create(scope);
    const levels = levelsOf(random);
    const run = (...maps: Tensor[]): Tensor => head.predict(featuresOf(maps as Levels));
    const gradients = tidy(() => grads((...maps: Tensor[]) => sum(mul(run(...maps), random([1, 32, 64, 2]))))(levels));
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
    expect(gradientError(run, levels, { entries: 6, step: 1e-3 })).toBeLessThan(2e-2);
  });

  test('maps of one value stay finite', () => {
    using scope = ParamScope.root(2);
    const logits = create(scope).predict(featuresOf(levelsOf((shape) => fill(shape, 3) as Tensor4D)));
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const head = create(scope);
    const features = featuresOf(levelsOf(random));
    expect(newTensors(() => head.predict(features))).toBe(1);
  });

  test('names the map that does not fit, and the size that is impossible', () => {
    using scope = ParamScope.root(1);
    const [p2, , p4, p5] = levelsOf(random);
    expect(() => create(scope).predict(featuresOf([p2, p4, p4, p5]))).toThrow(
      'predict: expected P3 [1, 4, 8, 3], got [1, 2, 4, 3]',
    );
    expect(() => createSemanticHead(scope.child('other'), spec, { ...config, groups: 3 })).toThrow(
      'semanticHead.groups: expected a divisor of 4 channels, got 3',
    );
  });
});
