import { describe, expect, test } from '@jest/globals';
import { tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError } from '@pffnet/tensor-ops/testing';
import { noise } from '../test/noise.ts';
import type { BackboneConfig } from './backbone-options.ts';
import { featurePyramid } from './feature-pyramid.ts';
import { planBackbone } from './plan-backbone.ts';

const tiny: BackboneConfig = {
  depth: 18,
  width: 1,
  pyramidChannels: 1,
  norm: { kind: 'frozen-affine' },
  freezeStages: 0,
  strideIn: '3x3',
};

const flat = (side: number, channels: number, value: number): Tensor4D =>
  tensor(new Float32Array(side * side * channels).fill(value), [1, side, side, channels]);

describe('featurePyramid', () => {
  test('adds to each level what the coarser ones say at the same place', () => {
    using scope = ParamScope.root(1);
    const run = featurePyramid(scope, planBackbone(tiny), tiny.norm);
    for (const [level, channels] of [2, 3, 4, 5].map((level) => [level, 2 ** (level - 2)])) {
      const centre = Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0); // output convolutions copy
      const first = Float32Array.from({ length: channels }, (_, channel) => Number(channel === 0));
      scope.assign(
        new Map([
          [`pyramid/lateral${level}/conv/kernel`, { shape: [1, 1, channels, 1], data: first }],
          [`pyramid/output${level}/conv/kernel`, { shape: [3, 3, 1, 1], data: centre }],
        ]),
      );
    }
    const c5 = tensor(
      [1, 2, 3, 4].flatMap((value) => [value, ...Array<number>(7).fill(0)]),
      [1, 2, 2, 8],
    );
    const [p2, p3, p4, p5, p6] = run([flat(16, 1, 1000), flat(8, 2, 100), flat(4, 4, 10), c5 as Tensor4D]);
    const exact = { atol: 0, rtol: 0 };
    expect(p6).toBeAllClose([1], exact);
    expect(p5).toBeAllClose([1, 2, 3, 4], exact);
    expect(p4).toBeAllClose([11, 11, 12, 12, 11, 11, 12, 12, 13, 13, 14, 14, 13, 13, 14, 14], exact);
    expect([p3.dataSync()[0], p3.dataSync()[63]]).toEqual([111, 114]);
    expect([p2.dataSync()[0], p2.dataSync()[255]]).toEqual([1111, 1114]);
  });

  test.each([0, 1, 2, 3, 4])('has the gradient of central differences: map %i of P2 to P6', (level) => {
    using scope = ParamScope.root(3);
    const norm = { kind: 'group', groups: 2 } as const;
    const run = featurePyramid(scope, planBackbone({ ...tiny, width: 2, pyramidChannels: 4, norm }), norm);
    const maps = [noise([1, 16, 16, 2]), noise([1, 8, 8, 4]), noise([1, 4, 4, 8]), noise([1, 2, 2, 16])];
    const reached = maps.slice(Math.min(level, 3)); // P_l sees C_l and what is coarser
    const error = gradientError(
      (...c) => {
        const finer = maps.slice(0, maps.length - c.length);
        return tidy(() => run([...finer, ...c] as [Tensor4D, Tensor4D, Tensor4D, Tensor4D])[level]);
      },
      reached,
      { entries: 6, step: 1e-2 }, // there is no kink to cross
    );
    expect(error).toBeLessThan(2e-3);
  });
});
