import { describe, expect, test } from '@jest/globals';
import {
  add,
  conv2d,
  dispose,
  grads,
  ones,
  profile,
  type Tensor,
  tensor4d,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { ParamScope, upsampleNearest } from '@pffnet/tensor-ops';
import { randomStream } from '@pffnet/structures';
import { golden, goldenParam, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { PyramidSemanticMap } from './pyramid-semantic-map.ts';

const random = (shape: [number, number, number, number], name: string): Tensor4D => {
  const stream = randomStream(3, name);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal());
  return tensor4d(values, shape);
};

const small = (scope: ParamScope, channels = 3): { map: PyramidSemanticMap; kernel: Tensor; bias: Tensor } => {
  const map = new PyramidSemanticMap(scope, { pyramidChannels: channels });
  const [kernel, bias] = ['kernel', 'bias'].map((name) => scope.variables().get(name)!);
  scope.assign(new Map([['bias', { shape: [2], data: Float32Array.of(0.5, -2) }]]));
  return { map, kernel, bias };
};

/** The definition, with the enlarged map that {@link PyramidSemanticMap} avoids. */
const plainForm = (p2: Tensor4D, kernel: Tensor, bias: Tensor): Tensor =>
  add(conv2d(upsampleNearest(p2, 4), kernel as Tensor4D, 1, 'same'), bias);

describe('PyramidSemanticMap', () => {
  test('counts, in a single cell of ones under a kernel of ones, the taps that hit it', () => {
    using scope = ParamScope.root(1);
    const { map } = small(scope, 1);
    scope.assign(new Map([['kernel', { shape: [3, 3, 1, 2], data: new Float32Array(18).fill(1) }]]));
    scope.assign(new Map([['bias', { shape: [2], data: new Float32Array(2) }]]));
    const background = map.predict(ones([1, 1, 1, 1])).arraySync()[0];
    expect(background.map((row) => row.map(([value]) => value))).toEqual([
      [4, 6, 6, 4],
      [6, 9, 9, 6],
      [6, 9, 9, 6],
      [4, 6, 6, 4],
    ]);
  });

  test.each([
    [1, 1],
    [3, 5],
    [4, 2],
  ])('equals a convolution of the enlarged map on %d x %d cells, forward and backward', (height, width) => {
    using scope = ParamScope.root(1);
    const { map, kernel, bias } = small(scope);
    const p2 = random([1, height, width, 3], 'p2');
    const close = { atol: 1e-5, rtol: 1e-5 };
    expect(map.predict(p2)).toBeAllClose(plainForm(p2, kernel, bias), close);

    const upstream = random([1, height * 4, width * 4, 2], 'upstream');
    const of = (run: (...inputs: Tensor[]) => Tensor): Tensor[] =>
      tidy(() => grads((...inputs: Tensor[]) => run(...inputs))([p2, kernel, bias], upstream));
    const ours = of((x) => map.predict(x as Tensor4D));
    const plain = of((x, weights, offset) => plainForm(x as Tensor4D, weights, offset));
    ours.forEach((gradient, index) => expect(gradient).toBeAllClose(plain[index], close));
  });

  test('matches the reference', () => {
    const { tag, params, plain } = golden('fpn');
    using scope = ParamScope.root(1);
    const map = new PyramidSemanticMap(scope, { pyramidChannels: 256 });
    const value = (name: string): ReturnType<typeof goldenParam> =>
      goldenParam(tag, name, params.find((parameter) => parameter.name === name)!.shape);
    scope.assign(
      new Map([
        ['kernel', value('fpn.sem_block_3x3.weight')],
        ['bias', value('fpn.sem_block_3x3.bias')],
      ]),
    );
    expect(map.predict(nhwc(plain('P2')) as Tensor4D)).toBeAllClose(nhwc(plain('F0')), plain('F0'));
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(1);
    const { map } = small(scope);
    const run = (x: Tensor): Tensor => map.predict(x as Tensor4D);
    expect(gradientError(run, [random([1, 2, 3, 3], 'p2')], { step: 1e-2 })).toBeLessThan(1e-3);
  });

  test('makes nothing larger than 32 channels at the size of P2, where the enlarged map has 16 times its channels', async () => {
    using scope = ParamScope.root(1);
    const { map } = small(scope, 40);
    const p2 = random([1, 16, 16, 40], 'p2');
    const { kernels, result } = await profile(() => map.predict(p2));
    const sizes = kernels.flatMap(({ outputShapes }) => outputShapes.map((shape) => shape.reduce((a, b) => a * b, 1)));
    expect(Math.max(...sizes)).toBe(16 * 16 * 32);
    dispose(result);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const { map } = small(scope);
    const p2 = random([1, 4, 4, 3], 'p2');
    expect(newTensors(() => map.predict(p2))).toBe(1);
  });

  test('names a map with other channels', () => {
    using scope = ParamScope.root(1);
    const { map } = small(scope);
    expect(() => map.predict(random([1, 4, 4, 2], 'p2'))).toThrow(
      'predict: expected P2 [1, h, w, 3], got [1, 4, 4, 2]',
    );
  });
});
