import { describe, expect, test } from '@jest/globals';
import { sigmoid, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, randomTensor } from '@pffnet/tensor-ops/testing';
import { scaleParameter } from '../test/scale-parameter.ts';
import { unreachedParameters } from '../test/unreached-parameters.ts';
import { qualityHead } from './quality-head.ts';

const packings = [['view'], ['space-to-depth'], ['maxpool']] as const;
const spec = { channels: 4, hidden: 8, groups: 2 };
const features: Tensor4D = randomTensor([1, 14, 14, 4], 'features');
const probabilities: Tensor4D = sigmoid(randomTensor([1, 28, 28, 1], 'masks'));

describe('qualityHead', () => {
  test('has the parameters of Table I with group norm, less the output of the background', () => {
    using scope = ParamScope.root(5);
    qualityHead(scope, { channels: 16, hidden: 32, groups: 2, packing: 'space-to-depth' });
    const count = [...scope.variables().values()].reduce((total, { size }) => total + size, 0);
    const convolutions = 9 * 16 * (20 + 16 + 16 + 16) + 4 * 2 * 16;
    expect(count).toBe(convolutions + 49 * 16 * 32 + 32 * 32 + 2 * 2 * 32 + (32 + 1));
  });

  test.each(packings)('agrees with finite differences in features and masks: %s', (packing) => {
    using scope = ParamScope.root(5);
    const head = qualityHead(scope, { ...spec, packing });
    scaleParameter(scope, 'quality/kernel', 300);
    const error = gradientError((x, p) => head(x as Tensor4D, p as Tensor4D), [features, probabilities], {
      entries: 8,
    });
    expect(error).toBeLessThan(1e-2);
  });

  test.each(packings)('reaches every parameter: %s', (packing) => {
    using scope = ParamScope.root(5);
    const head = qualityHead(scope, { ...spec, packing });
    expect(unreachedParameters(scope, () => [head(features, probabilities)])).toEqual([]);
  });
});
