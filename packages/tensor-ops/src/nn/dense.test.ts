import { describe, expect, test } from '@jest/globals';
import { ones, type Rank, sum, type Tensor, tensor, type Tensor2D, variableGrads } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import { gradientError, newTensors, randomTensor } from '../testing/index.ts';
import { dense } from './dense.ts';
import { ParamScope } from './param-scope.ts';

describe('dense', () => {
  test('multiplies by the kernel and adds the bias', () => {
    using scope = ParamScope.root(1);
    const layer = dense(scope, { inputs: 2, outputs: 3 });
    scope.assign(
      new Map([
        ['kernel', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) }],
        ['bias', { shape: [3], data: Float32Array.of(100, 200, 300) }],
      ]),
    );
    const y = layer(tensor([1, 0, 2, 1], [2, 2]) as Tensor2D);
    expect([...y.dataSync()]).toEqual([101, 202, 303, 112, 224, 336]);
  });

  test('goes without a bias when told so', () => {
    using scope = ParamScope.root(1);
    dense(scope, { inputs: 2, outputs: 3, bias: false });
    expect([...scope.variables().keys()]).toEqual(['kernel']);
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(1);
    const layer = dense(scope, { inputs: 3, outputs: 2 });
    expect(gradientError((x: Tensor) => layer(x as Tensor2D), [randomTensor([4, 3], 'x')])).toBeLessThan(1e-3);
  });

  test('passes no rows through, and its parameters get zeros', () => {
    using scope = ParamScope.root(1);
    const layer = dense(scope, { inputs: 3, outputs: 2 });
    const none = tensor([], [0, 3]) as Tensor2D;
    expect(layer(none).shape).toEqual([0, 2]);
    const { grads } = variableGrads(() => sum(layer(none)));
    for (const gradient of Object.values(grads)) expect(gradient.dataSync().every((value) => value === 0)).toBe(true);
    expect(Object.keys(grads)).toHaveLength(2);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const layer = dense(scope, { inputs: 3, outputs: 2 });
    const x = randomTensor<Rank.R2>([4, 3], 'x');
    expect(newTensors(() => layer(x))).toBe(1);
  });

  test('names the features that do not fit', () => {
    using scope = ParamScope.root(1);
    const layer = dense(scope, { inputs: 3, outputs: 2 });
    const run = (): unknown => layer(ones([1, 4]) as Tensor2D);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('dense: expected x [n, 3], got [1, 4]');
  });
});
