import { describe, expect, test } from '@jest/globals';
import {
  grad,
  ones,
  range,
  type Rank,
  reshape,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { conv2d } from './conv2d.ts';
import { constant } from './initializers.ts';
import { ParamScope } from './param-scope.ts';

describe('conv2d', () => {
  test('pads every side at stride 2, as PyTorch does', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 3, inChannels: 1, outChannels: 1, stride: 2, init: constant(1) });
    //  0  1  2  3      sums of the 3 x 3 cells around (0, 0), (0, 2), (2, 0), (2, 2);
    //  4  5  6  7      TensorFlow's `same` padding would sum around (1, 1), (1, 3) ...
    //  8  9 10 11
    // 12 13 14 15
    const y = convolve(reshape(range(0, 16), [1, 4, 4, 1]) as Tensor4D);
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect([...y.dataSync()]).toEqual([0 + 1 + 4 + 5, 1 + 2 + 3 + 5 + 6 + 7, 4 + 5 + 8 + 9 + 12 + 13, 90]);
  });

  test('keeps an odd map its rounded-up half at stride 2', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 7, inChannels: 1, outChannels: 1, stride: 2 });
    expect(convolve(ones([1, 5, 9, 1]) as Tensor4D).shape).toEqual([1, 3, 5, 1]);
  });

  test('takes kernels of different sides', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: [1, 3], inChannels: 1, outChannels: 1, init: constant(1) });
    const y = convolve(tensor([1, 2, 4, 8, 16, 32], [1, 2, 3, 1]) as Tensor4D);
    expect([...y.dataSync()]).toEqual([3, 7, 6, 24, 56, 48]);
  });

  test('declares a kernel and, by default, a bias of zeros', () => {
    using scope = ParamScope.root(1);
    conv2d(scope.child('a'), { kernel: 3, inChannels: 2, outChannels: 4 });
    conv2d(scope.child('b'), { kernel: [5, 1], inChannels: 2, outChannels: 4, bias: false });
    expect([...scope.variables()].map(([path, { shape }]) => [path, shape])).toEqual([
      ['a/kernel', [3, 3, 2, 4]],
      ['a/bias', [4]],
      ['b/kernel', [5, 1, 2, 4]],
    ]);
    expect(scope.variables().get('a/bias')!).toBeAllClose([0, 0, 0, 0], { atol: 0, rtol: 0 });
  });

  test('agrees with finite differences in the map and the parameters', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 3, inChannels: 2, outChannels: 3, stride: 2 });
    const run = (x: Tensor): Tensor => convolve(x as Tensor4D);
    const x = randomTensor<Rank.R4>([2, 4, 5, 2], 'x');
    expect(gradientError(run, [x])).toBeLessThan(1e-3);
    // The bias is added to every cell once: its gradient counts them.
    const bias = scope.variables().get('bias')!;
    const gradient = grad(() => sum(convolve(x)))(bias);
    expect(gradient).toBeAllClose([12, 12, 12], { atol: 1e-5, rtol: 0 });
  });

  test('passes an empty batch through, and its parameters get zeros', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 3, inChannels: 2, outChannels: 3 });
    const none = tensor([], [0, 4, 4, 2]) as Tensor4D;
    expect(convolve(none).shape).toEqual([0, 4, 4, 3]);
    const { grads } = variableGrads(() => sum(convolve(none)));
    for (const gradient of Object.values(grads)) expect(gradient.dataSync().every((value) => value === 0)).toBe(true);
    expect(Object.keys(grads)).toHaveLength(2);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 1, inChannels: 2, outChannels: 3 });
    const x = randomTensor<Rank.R4>([1, 2, 2, 2], 'x');
    expect(newTensors(() => convolve(x))).toBe(1);
  });

  test('names the channels that do not fit', () => {
    using scope = ParamScope.root(1);
    const convolve = conv2d(scope, { kernel: 1, inChannels: 2, outChannels: 3 });
    const run = (): unknown => convolve(ones([1, 4, 4, 3]) as Tensor4D);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('conv2d: expected x [b, h, w, 2], got [1, 4, 4, 3]');
  });
});
