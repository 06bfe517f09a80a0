import { describe, expect, test } from '@jest/globals';
import {
  batchNorm,
  conv2d,
  maxPool,
  moments,
  relu,
  type Tensor1D,
  tensor1d,
  tensor4d,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { ConfigError, DataError } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { noise } from '../../test/noise.ts';
import { encode, fold, kerasResnet50, torchvisionResnet18, type WeightTensors } from '../../test/synthetic-weights.ts';
import type { Backbone } from '../backbone.ts';
import type { BackboneConfig } from '../backbone-options.ts';
import { createBackbone } from '../create-backbone.ts';
import { planBackbone } from '../plan-backbone.ts';
import { stem } from '../resnet.ts';
import { importBackboneWeights } from './import-backbone-weights.ts';

const eighteen: BackboneConfig = {
  depth: 18,
  width: 4,
  pyramidChannels: 4,
  norm: { kind: 'frozen-affine' },
  freezeStages: 0,
  strideIn: '3x3',
};
const fifty: BackboneConfig = { ...eighteen, depth: 50, strideIn: '1x1' };
const grouped: BackboneConfig = { ...eighteen, norm: { kind: 'group', groups: 2 } };

/** A backbone that starts from a file. */
function start(scope: ParamScope, tensors: WeightTensors, config: BackboneConfig): Backbone {
  const backbone = createBackbone(scope, config);
  scope.assign(importBackboneWeights(encode(tensors), config).values);
  return backbone;
}

const vector = (...values: number[]): PlainTensor => ({ shape: [values.length], data: Float32Array.from(values) });

/** The tensors with some replaced. */
const replace = (tensors: WeightTensors, changes: Record<string, PlainTensor>): WeightTensors =>
  new Map([...tensors, ...Object.entries(changes)]);

const without = (tensors: WeightTensors, ...names: string[]): WeightTensors =>
  new Map([...tensors].filter(([name]) => !names.includes(name)));

describe('importBackboneWeights on files in the same naming that we write ourselves', () => {
  test('turns kernels from [out, in, row, column] to [row, column, in, out]', () => {
    const data = Float32Array.from({ length: 4 * 3 * 49 }, (_, index) => index);
    const file = replace(fold(torchvisionResnet18(4)), { 'conv1.weight': { shape: [4, 3, 7, 7], data } });
    const { shape, data: values } = importBackboneWeights(encode(file), eighteen).values.get('stem/conv/kernel')!;
    const at = (row: number, column: number, input: number, out: number): number =>
      values[((row * 7 + column) * 3 + input) * 4 + out];
    expect(shape).toEqual([7, 7, 3, 4]);
    expect([at(0, 0, 0, 1), at(0, 0, 1, 0), at(0, 1, 0, 0), at(6, 5, 2, 3)]).toEqual([147, 49, 1, 586]);
  });

  test('makes one scale and shift of a batch norm and the bias before it', () => {
    const file = replace(kerasResnet50(1), {
      'conv1.bn.gamma': vector(6),
      'conv1.bn.beta': vector(1),
      'conv1.bn.mean': vector(3),
      'conv1.bn.var': vector(4 - 1.001e-5),
      'conv1.conv.bias': vector(5),
    });
    const { values } = importBackboneWeights(encode(file), { ...fifty, width: 1 });
    expect(values.get('stem/norm/scale')!.data).toBeAllClose([3], { atol: 1e-6, rtol: 0 }); // 6 / sqrt(4)
    expect(values.get('stem/norm/shift')!.data).toBeAllClose([7], { atol: 1e-6, rtol: 0 }); // 1 + 3 * (5 - 3)
  });

  test('computes what convolution and batch norm compute', () => {
    const file = torchvisionResnet18(4);
    using scope = ParamScope.root(1);
    const run = stem(scope, planBackbone(eighteen), eighteen.norm);
    const { values } = importBackboneWeights(encode(file), eighteen);
    scope.assign(new Map([...values].filter(([path]) => path.startsWith('stem/'))));
    const image = noise([1, 32, 32, 3]);
    const read = (name: string): Tensor1D => tensor1d(file.get(name)!.data as Float32Array);
    const kernel = tensor4d(file.get('conv1.weight')!.data as Float32Array, [4, 3, 7, 7]);
    const response = conv2d(image, transpose(kernel, [2, 3, 1, 0]) as Tensor4D, 2, 3, 'NHWC', 1, 'floor');
    const [mean, variance, beta, gamma] = ['running_mean', 'running_var', 'bias', 'weight'].map((part) =>
      read(`bn1.${part}`),
    );
    const normalized = batchNorm(response, mean, variance, beta, gamma, 1e-5) as Tensor4D;
    expect(run(image)).toBeAllClose(maxPool(relu(normalized), 3, 2, 1, 'floor'), { atol: 1e-5, rtol: 1e-5 });
  });

  test('gives the same features whether batch norms are folded or not', () => {
    const file = torchvisionResnet18(4);
    using separate = ParamScope.root(1);
    using folded = ParamScope.root(1);
    const image = noise([1, 32, 64, 3]);
    const expected = start(separate, file, eighteen).extract(image);
    start(folded, fold(file), eighteen)
      .extract(image)
      .c.forEach((map, index) => expect(map).toBeAllClose(expected.c[index], { atol: 1e-4, rtol: 1e-4 }));
  });

  test.each([
    { name: 'torchvision', file: torchvisionResnet18(4), config: eighteen },
    { name: 'Keras', file: kerasResnet50(4), config: fifty },
  ])('fills the whole trunk and nothing of the pyramid ($name)', ({ file, config }) => {
    using scope = ParamScope.root(1);
    createBackbone(scope, config);
    const trunk = [...scope.variables().keys()].filter((path) => !path.startsWith('pyramid/'));
    const { values, random } = importBackboneWeights(encode(file), config);
    expect([...values.keys()].sort()).toEqual(trunk.sort());
    expect(random).toEqual([]);
  });

  test('says what the kernels expect of an image', () => {
    expect(importBackboneWeights(encode(torchvisionResnet18(4)), eighteen).input).toEqual({
      channelOrder: 'rgb',
      mean: [123.675, 116.28, 103.53],
      deviation: [58.395, 57.12, 57.375],
    });
    expect(importBackboneWeights(encode(kerasResnet50(4)), fifty).input).toEqual({
      channelOrder: 'bgr',
      mean: [103.939, 116.779, 123.68],
      deviation: [1, 1, 1],
    });
  });

  test('starts group norm so that an image with the stored statistics gives what batch norm gave', () => {
    const file = torchvisionResnet18(4);
    const image = noise([1, 32, 32, 3]);
    const kernel = tensor4d(file.get('conv1.weight')!.data as Float32Array, [4, 3, 7, 7]);
    const response = conv2d(image, transpose(kernel, [2, 3, 1, 0]) as Tensor4D, 2, 3, 'NHWC', 1, 'floor');
    const { mean, variance } = moments(response, [0, 1, 2]);
    const ofImage = encode(
      replace(file, {
        'bn1.running_mean': vector(...mean.dataSync()),
        'bn1.running_var': vector(...variance.dataSync()),
      }),
    );
    const run = (config: BackboneConfig): Tensor4D => {
      using scope = ParamScope.root(1);
      const stage = stem(scope, planBackbone(config), config.norm);
      const { values } = importBackboneWeights(ofImage, config);
      scope.assign(new Map([...values].filter(([path]) => path.startsWith('stem/'))));
      return stage(image);
    };
    expect(run(grouped)).toBeAllClose(run(eighteen), { atol: 1e-4, rtol: 1e-4 });
  });

  test('starts group norm at the folded bias where the statistics are lost', () => {
    const file = fold(torchvisionResnet18(4));
    const { values } = importBackboneWeights(encode(file), grouped);
    const exact = importBackboneWeights(encode(file), eighteen).values;
    expect(values.get('stem/conv/kernel')).toEqual(exact.get('stem/conv/kernel'));
    expect(values.get('stem/norm/shift')!.data).toEqual(file.get('conv1.bias')!.data);
    expect([...values.keys()].filter((path) => path.endsWith('scale'))).toEqual([]);
  });

  test('leaves kernels that the file lacks, with their normalisation, as they start', () => {
    const file = without(fold(torchvisionResnet18(4)), 'layer4.0.conv1.weight', 'layer4.1.conv2.weight');
    using scope = ParamScope.root(1);
    using untouched = ParamScope.root(1);
    createBackbone(untouched, eighteen);
    start(scope, file, eighteen);
    expect(importBackboneWeights(encode(file), eighteen).random).toEqual([
      'stage5/block0/conv1/kernel',
      'stage5/block1/conv2/kernel',
    ]);
    const values = (from: ParamScope, path: string) => from.variables().get(path)!.dataSync();
    for (const path of ['stage5/block0/conv1/kernel', 'stage5/block0/norm1/shift', 'stage5/block1/norm2/shift']) {
      expect(values(scope, path)).toEqual(values(untouched, path));
    }
    expect(values(scope, 'stage5/block1/conv1/kernel')).not.toEqual(values(untouched, 'stage5/block1/conv1/kernel'));
  });

  test.each([
    {
      what: 'another depth',
      file: torchvisionResnet18(4),
      config: { ...fifty, strideIn: '3x3' },
      error: new ConfigError('backbone.depth: 50 needs 3, 4, 6, 3 bottlenecks, but file holds 2, 2, 2, 2 basic blocks'),
    },
    {
      what: 'another number of blocks',
      file: kerasResnet50(4),
      config: { ...fifty, depth: 101 },
      error: new ConfigError(
        'backbone.depth: 101 needs 3, 4, 23, 3 bottlenecks, but file holds 3, 4, 6, 3 bottlenecks',
      ),
    },
    {
      what: 'another width',
      file: torchvisionResnet18(4),
      config: { ...eighteen, width: 8 },
      error: new ConfigError('backbone.width: expected 4, the stem of file, got 8'),
    },
    {
      what: 'another stride',
      file: kerasResnet50(4),
      config: { ...fifty, strideIn: '3x3' },
      error: new ConfigError('backbone.strideIn: expected "1x1", where the bottlenecks of file stride, got "3x3"'),
    },
    {
      what: 'unknown names',
      file: new Map([['backbone/stem/conv/kernel', vector(1)]]),
      config: eighteen,
      error: new DataError(
        'file: expected a ResNet in the names of torchvision (conv1.weight, layer1.0.conv1.weight, ...) or Keras (conv1.conv.weight, conv2_block1_1.conv.weight, ...), got backbone/stem/conv/kernel',
      ),
    },
    {
      what: 'no tensors',
      file: new Map(),
      config: eighteen,
      error: new DataError(
        'file: expected a ResNet in the names of torchvision (conv1.weight, layer1.0.conv1.weight, ...) or Keras (conv1.conv.weight, conv2_block1_1.conv.weight, ...), got no tensors',
      ),
    },
    {
      what: 'a kernel of another shape',
      file: replace(torchvisionResnet18(4), { 'layer2.0.conv1.weight': vector(1) }),
      config: eighteen,
      error: new DataError('file: expected layer2.0.conv1.weight [8, 4, 3, 3], got [1]'),
    },
    {
      what: 'a vector of another length',
      file: replace(torchvisionResnet18(4), { 'layer2.0.bn1.running_var': vector(1) }),
      config: eighteen,
      error: new DataError('file: expected layer2.0.bn1.running_var [8], got [1]'),
    },
    {
      what: 'half a batch norm',
      file: without(torchvisionResnet18(4), 'layer2.0.bn1.running_var'),
      config: eighteen,
      error: new DataError('file: expected layer2.0.bn1.running_var beside layer2.0.bn1.weight, found none'),
    },
    {
      what: 'neither bias nor batch norm',
      file: without(torchvisionResnet18(4), 'layer2.0.bn1.weight'),
      config: eighteen,
      error: new DataError(
        'file: expected layer2.0.conv1.bias or layer2.0.bn1.weight beside layer2.0.conv1.weight, found neither',
      ),
    },
  ])('refuses a file with $what', ({ file, config, error }) => {
    expect(() => importBackboneWeights(encode(file), config as BackboneConfig, 'file')).toThrow(error);
  });

  test('refuses bytes that are no safetensors file', () => {
    expect(() => importBackboneWeights(new Uint8Array(4), eighteen, 'a.pkl')).toThrow(DataError);
  });
});
