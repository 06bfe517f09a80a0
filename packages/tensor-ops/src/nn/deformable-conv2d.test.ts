import { describe, expect, test } from '@jest/globals';
import type { Rank, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { sampleBilinear } from '../ops/sample-bilinear.ts';
import { conv2d } from './conv2d.ts';
import { deformableConv2d } from './deformable-conv2d.ts';
import { ParamScope } from './param-scope.ts';

const exact = { atol: 1e-6, rtol: 0 };
const close = { atol: 1e-5, rtol: 0 };
const shape = { inChannels: 2, outChannels: 3 };

describe('sampleBilinear', () => {
  test('reads between four cells, and zero beyond the border', () => {
    // 1 2
    // 3 4
    const map = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const rows = tensor1d([0, 0.5, 0.25, -0.5, 1, 7]);
    const columns = tensor1d([1, 0.5, 0, 0, 1.75, 0]);
    // A cell; the mean of all; 1 + 2/4; half of 1; a quarter of 4; nothing.
    expect(sampleBilinear(map, rows, columns)).toBeAllClose([2, 2.5, 1.5, 0.5, 1, 0], exact);
  });

  test('agrees with finite differences in the map and in both places', () => {
    const map = randomTensor<Rank.R4>([1, 4, 5, 2], 'map');
    const rows = tensor1d([0.3, 1.7, -0.6, 3.4, 2.2]);
    const columns = tensor1d([0.8, 4.3, 2.4, 1.6, -0.3]);
    const run = (...[m, y, x]: Tensor[]): Tensor => sampleBilinear(m as Tensor4D, y as Tensor1D, x as Tensor1D);
    expect(gradientError(run, [map, rows, columns], { step: 1e-2 })).toBeLessThan(1e-3);
  });

  test('names places that do not pair up', () => {
    const map = randomTensor<Rank.R4>([1, 4, 5, 2], 'map');
    expect(() => sampleBilinear(map, tensor1d([1, 2]), tensor1d([1]))).toThrow(
      'sampleBilinear: expected columns [2], got [1]',
    );
  });
});

describe('deformableConv2d', () => {
  test('starts as the plain convolution, bit for bit the same kernel', () => {
    using scope = ParamScope.root(1);
    using plain = ParamScope.root(1);
    const x = randomTensor<Rank.R4>([1, 5, 6, 2], 'x');
    const expected = conv2d(plain, { ...shape, kernel: 3, bias: false })(x);
    const y = deformableConv2d(scope, shape)(x);
    expect(y).toBeAllClose(expected.dataSync() as Float32Array, close);
    expect(scope.variables().get('kernel')!.dataSync()).toEqual(plain.variables().get('kernel')!.dataSync());
  });

  test('taps that all move one row down read the map one row higher', () => {
    using scope = ParamScope.root(1);
    const convolve = deformableConv2d(scope, shape);
    const bias = Float32Array.from({ length: 18 }, (_, channel) => (channel < 9 ? 1 : 0)); // y of the taps first
    const x = randomTensor<Rank.R4>([1, 5, 6, 2], 'x');
    const still = convolve(x).arraySync()[0]!;
    scope.assign(new Map([['offsets/bias', { shape: [18], data: bias }]]));
    const moved = convolve(x).arraySync()[0]!;
    for (let row = 0; row < 3; row++) expect(moved[row]!.flat()).toBeAllClose(still[row + 1]!.flat(), close);
  });

  test('agrees with finite differences where taps lie between cells', () => {
    using scope = ParamScope.root(1);
    const convolve = deformableConv2d(scope, shape);
    const bias = Float32Array.from({ length: 18 }, (_, channel) => 0.3 + 0.01 * channel);
    scope.assign(new Map([['offsets/bias', { shape: [18], data: bias }]]));
    const run = (x: Tensor): Tensor => convolve(x as Tensor4D);
    const x = randomTensor<Rank.R4>([1, 4, 4, 2], 'x');
    expect(gradientError(run, [x], { step: 1e-2 })).toBeLessThan(1e-3);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const convolve = deformableConv2d(scope, shape);
    const x = randomTensor<Rank.R4>([1, 4, 4, 2], 'x');
    expect(newTensors(() => convolve(x))).toBe(1);
  });
});
