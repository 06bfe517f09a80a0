import { describe, expect, test } from '@jest/globals';
import { add, mul, type Rank, type Scalar, sum, type Tensor4D, variableGrads, zeros } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError, ShapeError } from '@pffnet/structures';
import { newTensors } from '@pffnet/tensor-ops/testing';
import { noise } from '../test/noise.ts';
import type { BackboneConfig } from './backbone-options.ts';
import { createBackbone } from './create-backbone.ts';

const tiny: BackboneConfig = {
  depth: 18,
  width: 4,
  pyramidChannels: 6,
  norm: { kind: 'group', groups: 2 },
  freezeStages: 0,
  strideIn: '3x3',
};

describe('createBackbone', () => {
  test('names parameters by their place', () => {
    using scope = ParamScope.root(1);
    createBackbone(scope.child('backbone'), tiny);
    const names = [...scope.variables().keys()];
    expect(names.slice(0, 9)).toEqual([
      'backbone/stem/conv/kernel',
      'backbone/stem/norm/scale',
      'backbone/stem/norm/shift',
      'backbone/stage2/block0/conv1/kernel',
      'backbone/stage2/block0/norm1/scale',
      'backbone/stage2/block0/norm1/shift',
      'backbone/stage2/block0/conv2/kernel',
      'backbone/stage2/block0/norm2/scale',
      'backbone/stage2/block0/norm2/shift',
    ]);
    expect(names).toContain('backbone/stage3/block0/shortcut/conv/kernel');
    expect(names.at(-1)).toBe('backbone/pyramid/output5/norm/shift');
  });

  test.each([
    { depth: 18, bottomUpChannels: [4, 8, 16, 32] },
    { depth: 34, bottomUpChannels: [4, 8, 16, 32] },
    { depth: 50, bottomUpChannels: [16, 32, 64, 128] },
    { depth: 101, bottomUpChannels: [16, 32, 64, 128] },
  ] as const)('gives maps of 1/4 to 1/64 of the image at depth $depth', ({ depth, bottomUpChannels }) => {
    using scope = ParamScope.root(1);
    const backbone = createBackbone(scope, { ...tiny, depth });
    const { c, p } = backbone.extract(noise([1, 32, 96, 3]));
    const sizes = [
      [8, 24],
      [4, 12],
      [2, 6],
      [1, 3],
      [1, 2],
    ];
    expect(backbone.bottomUpChannels).toEqual(bottomUpChannels);
    expect(c.map(({ shape }) => shape)).toEqual(bottomUpChannels.map((n, level) => [1, ...sizes[level], n]));
    expect(p.map(({ shape }) => shape)).toEqual(sizes.map((size) => [1, ...size, 6]));
  });

  test('starts kernels at N(0, 2 / fan out), those of the pyramid at U(+- sqrt(3 / fan in))', () => {
    using scope = ParamScope.root(1);
    createBackbone(scope, { ...tiny, width: 16, pyramidChannels: 16 });
    const values = (path: string): Float32Array => scope.variables().get(path)!.dataSync() as Float32Array;
    const kernel = values('stage5/block1/conv2/kernel'); // [3, 3, 128, 128]
    const variance = kernel.reduce((total, value) => total + value ** 2, 0) / kernel.length;
    expect(variance / (2 / (9 * 128))).toBeCloseTo(1, 1);
    const lateral = values('pyramid/lateral5/conv/kernel'); // [1, 1, 128, 16]
    const bound = Math.sqrt(3 / 128);
    const largest = lateral.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.99 * bound);
  });

  test('is the same function whatever the contrast of the image, because the stem is normalised', () => {
    using scope = ParamScope.root(1);
    const backbone = createBackbone(scope, tiny);
    const image = noise([1, 32, 32, 3]);
    const doubled = add(image, image) as Tensor4D;
    expect(backbone.extract(doubled).p[0]).toBeAllClose(backbone.extract(image).p[0], { atol: 1e-3, rtol: 0 });
  });

  test.each([18, 50] as const)('lets a gradient reach every parameter at depth %i', (depth) => {
    using scope = ParamScope.root(1);
    const backbone = createBackbone(scope, { ...tiny, depth });
    const image = noise([1, 64, 64, 3]);
    const total = (): Scalar => {
      const weighted = backbone.extract(image).p.map((map) => sum(mul(map, noise(map.shape, 2))));
      return weighted.reduce((value, each) => add(value, each)) as Scalar;
    };
    const { grads } = variableGrads(total, [...scope.variables().values()]);
    const dead = [...scope.variables()].filter(([, { name }]) => grads[name].dataSync().every((value) => value === 0));
    expect(dead.map(([path]) => path)).toEqual([]);
  });

  test('leaves nine new tensors per call', () => {
    using scope = ParamScope.root(1);
    const backbone = createBackbone(scope, tiny);
    const image = noise([1, 32, 32, 3]);
    expect(
      newTensors(() => {
        const { c, p } = backbone.extract(image);
        return [...c, ...p];
      }),
    ).toBe(9);
  });

  test.each([
    [[1, 33, 64, 3], 'extract: expected image [1, h, w, 3] with h and w multiples of 32, got [1, 33, 64, 3]; pad it'],
    [[1, 64, 0, 3], 'extract: expected image [1, h, w, 3] with h and w multiples of 32, got [1, 64, 0, 3]; pad it'],
    [[2, 32, 32, 3], 'extract: expected image [1, h, w, 3] with h and w multiples of 32, got [2, 32, 32, 3]; pad it'],
    [[1, 32, 32, 1], 'extract: expected image [1, h, w, 3] with h and w multiples of 32, got [1, 32, 32, 1]; pad it'],
  ])('refuses an image %p', (shape, message) => {
    using scope = ParamScope.root(1);
    const backbone = createBackbone(scope, tiny);
    expect(() => backbone.extract(zeros<Rank.R4>(shape as [number, number, number, number]))).toThrow(
      new ShapeError(message),
    );
  });

  test.each([
    [{ depth: 19 }, 'backbone.depth: expected 18, 34, 50 or 101, got 19'],
    [{ width: 0 }, 'backbone.width: expected a number of at least 1, got 0'],
    [{ pyramidChannels: 2.5 }, 'backbone.pyramidChannels: expected a whole number, got 2.5'],
    [{ freezeStages: 5 }, 'backbone.freezeStages: expected 0, 1, 2, 3 or 4, got 5'],
    [{ strideIn: '2x2' }, 'backbone.strideIn: expected 3x3 or 1x1, got "2x2"'],
    [{ norm: { kind: 'batch' } }, 'backbone.norm.kind: expected group or frozen-affine, got "batch"'],
    [
      { norm: { kind: 'group', groups: 4 } },
      'backbone.norm.groups: expected a divisor of width 4 and pyramidChannels 6 (at most 2), got 4',
    ],
  ])('refuses the config %j', (change, message) => {
    using scope = ParamScope.root(1);
    const config = { ...tiny, ...change } as BackboneConfig;
    expect(() => createBackbone(scope, config)).toThrow(new ConfigError(message));
    expect(scope.variables().size).toBe(0);
  });
});
