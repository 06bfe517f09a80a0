import { describe, expect, test } from '@jest/globals';
import type { Rank } from '@tensorflow/tfjs-core';
import { groupNormalize } from '../ops/group-normalize.ts';
import { randomTensor } from '../testing/index.ts';
import { groupNorm } from './group-norm.ts';
import { ParamScope } from './param-scope.ts';

describe('groupNorm', () => {
  test('starts as the plain normalisation and applies what it learns', () => {
    using scope = ParamScope.root(1);
    const norm = groupNorm(scope, { channels: 4, groups: 2 });
    const x = randomTensor<Rank.R4>([1, 3, 3, 4], 'x');
    const [scale, shift] = ['scale', 'shift'].map((name) => scope.variables().get(name)!);
    expect(scale).toBeAllClose([1, 1, 1, 1], { atol: 0, rtol: 0 });
    expect(shift).toBeAllClose([0, 0, 0, 0], { atol: 0, rtol: 0 });
    scope.assign(new Map([['shift', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }]]));
    expect(norm(x)).toBeAllClose(groupNormalize(x, scale, shift, 2), { atol: 0, rtol: 0 });
  });
});
