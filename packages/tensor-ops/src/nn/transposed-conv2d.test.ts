import { describe, expect, test } from '@jest/globals';
import { add, conv2dTranspose, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { gradientError, randomTensor } from '../testing/index.ts';
import { ParamScope } from './param-scope.ts';
import { transposedConv2d } from './transposed-conv2d.ts';

describe('transposedConv2d', () => {
  test('spreads each cell over a block of four', () => {
    using scope = ParamScope.root(1);
    const enlarge = transposedConv2d(scope, { inChannels: 1, outChannels: 1 });
    scope.assign(
      new Map([
        ['kernel', { shape: [1, 1, 1, 4], data: Float32Array.of(1, 2, 3, 4) }],
        ['bias', { shape: [1], data: Float32Array.of(0.5) }],
      ]),
    );
    const y = enlarge(tensor([1, 10], [1, 1, 2, 1]) as Tensor4D);
    expect(y.shape).toEqual([1, 2, 4, 1]);
    expect([...y.dataSync()]).toEqual([1.5, 2.5, 10.5, 20.5, 3.5, 4.5, 30.5, 40.5]);
  });

  test('equals the transposed convolution of TensorFlow.js', () => {
    using scope = ParamScope.root(1);
    const [inChannels, outChannels] = [3, 2];
    const enlarge = transposedConv2d(scope, { inChannels, outChannels });
    const kernel = scope.variables().get('kernel')!.dataSync();
    const bias = scope.variables().get('bias')!;
    bias.assign(tensor([0.25, -1]));
    // [in, 4 * out] with channel = 4 * out + 2 * row + column -> [row, column, out, in]
    const filter = new Float32Array(4 * outChannels * inChannels);
    for (let input = 0; input < inChannels; input++)
      for (let output = 0; output < outChannels; output++)
        for (let cell = 0; cell < 4; cell++)
          filter[(cell * outChannels + output) * inChannels + input] =
            kernel[(input * outChannels + output) * 4 + cell];
    const x: Tensor4D = randomTensor([2, 3, 4, inChannels], 'x');
    const expected = add(
      conv2dTranspose(
        x,
        tensor(filter, [2, 2, outChannels, inChannels]) as Tensor4D,
        [2, 6, 8, outChannels],
        2,
        'valid',
      ),
      bias,
    );
    expect(enlarge(x)).toBeAllClose(expected, { atol: 1e-5, rtol: 1e-5 });
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(1);
    const enlarge = transposedConv2d(scope, { inChannels: 2, outChannels: 2 });
    expect(gradientError((x) => enlarge(x as Tensor4D), [randomTensor([1, 2, 2, 2], 'x')])).toBeLessThan(2e-3);
  });
});
