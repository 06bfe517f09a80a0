import '@tensorflow/tfjs-backend-wasm';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { conv2d, mean, setBackend, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { decodeSafetensors } from '@pffnet/structures/safetensors';
import '@pffnet/tensor-ops/testing';
import { picture } from '../../test/picture.ts';
import type { Pyramid } from '../backbone.ts';
import type { BackboneConfig } from '../backbone-options.ts';
import { createBackbone } from '../create-backbone.ts';
import { type ImportedWeights, importBackboneWeights } from './import-backbone-weights.ts';
import type { InputNormalisation } from './weight-layout.ts';

const data = process.env['PFFNET_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const fileOf = (name: string): string => join(data, 'weights', `${name}.safetensors`);
const EIGHTEEN = 'resnet18_imagenet_bnfused_c1-c4';
const FIFTY = 'resnet50_imagenet_c1-c4';

/** Runs a test where the file is, and says why not where it is missing. */
const testWith = (file: string): ((name: string, body: () => void) => void) =>
  existsSync(fileOf(file))
    ? (name, body) => test(name, body)
    : (name, body) => test.skip(`${name} (skipped: ${file} is not under PFFNET_DATA or ../shared/data)`, body);

const eighteen: BackboneConfig = {
  depth: 18,
  width: 64,
  pyramidChannels: 32,
  norm: { kind: 'frozen-affine' },
  freezeStages: 0,
  strideIn: '3x3',
};
const fifty: BackboneConfig = { ...eighteen, depth: 50, strideIn: '1x1' };

const SIDE = 128;

describe('importBackboneWeights on the ImageNet files', () => {
  beforeAll(async () => {
    await setBackend('wasm');
  });

  testWith(EIGHTEEN)('reads ResNet-18 but for the four 3x3 kernels of C5', () => {
    const { values, random, input } = importBackboneWeights(readFileSync(fileOf(EIGHTEEN)), eighteen, EIGHTEEN);
    expect(random).toEqual([
      'stage5/block0/conv1/kernel',
      'stage5/block0/conv2/kernel',
      'stage5/block1/conv1/kernel',
      'stage5/block1/conv2/kernel',
    ]);
    expect(values.get('stage5/block0/shortcut/conv/kernel')?.shape).toEqual([1, 1, 256, 512]);
    expect(input.channelOrder).toBe('rgb');
  });

  testWith(EIGHTEEN)('starts ResNet-18 under group norm near what it was', () => {
    using frozen = ParamScope.root(1);
    using grouped = ParamScope.root(1);
    const exact = extract(frozen, EIGHTEEN, eighteen);
    const start = extract(grouped, EIGHTEEN, { ...eighteen, norm: { kind: 'group', groups: 32 } });
    const likeness = [0, 1].map((level) => correlation(start.c[level].dataSync(), exact.c[level].dataSync()));
    expect(likeness[0]).toBeGreaterThan(0.6); // 0.72 when written
    expect(likeness[1]).toBeGreaterThan(0.4); // 0.52
  });

  testWith(FIFTY)('reads ResNet-50 but for nine kernels of C5, and its activations have the stored means', () => {
    const bytes = readFileSync(fileOf(FIFTY));
    const { tensors } = decodeSafetensors(bytes);
    using scope = ParamScope.root(1);
    const { c, random, input } = extract(scope, FIFTY, fifty);
    expect(input.channelOrder).toBe('bgr');
    expect(random).toHaveLength(9);
    expect(random.filter((path) => !path.startsWith('stage5/'))).toEqual([]);
    // The first convolution of C3, C4 and C5 sees everything before it.
    const likeness = [3, 4, 5].map((stage) => {
      const kernel = scope.variables().get(`stage${stage}/block0/conv1/kernel`) as unknown as Tensor4D;
      const response = conv2d(c[stage - 3], kernel, 2, 0, 'NHWC', 1, 'floor');
      const bias = tensors.get(`conv${stage}_block1_1.conv.bias`)!.data;
      const stored = tensors.get(`conv${stage}_block1_1.bn.mean`)!.data as Float32Array;
      const withoutBias = stored.map((value, channel) => value - bias[channel]);
      return correlation(mean(response, [0, 1, 2]).dataSync(), withoutBias);
    });
    // 0.84, 0.75 and 0.73 when written; the picture is noise, and photographs do better.
    likeness.forEach((coefficient) => expect(coefficient).toBeGreaterThan(0.65));
  });
});

/** The maps of the picture, by a backbone that starts from a file. */
function extract(scope: ParamScope, file: string, config: BackboneConfig): Pyramid & Omit<ImportedWeights, 'values'> {
  const backbone = createBackbone(scope, config);
  const { values, random, input } = importBackboneWeights(readFileSync(fileOf(file)), config, file);
  scope.assign(values);
  const image: Tensor4D = tensor(normalize(picture(SIDE), input), [1, SIDE, SIDE, 3]);
  return { ...backbone.extract(image), random, input };
}

function normalize(rgb: Float32Array, input: InputNormalisation): Float32Array {
  return rgb.map((_, index) => {
    const channel = index % 3;
    const pixel = rgb[index - channel + (input.channelOrder === 'rgb' ? channel : 2 - channel)];
    return (pixel - input.mean[channel]) / input.deviation[channel];
  });
}

/** Pearson's coefficient. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const average = (of: (index: number) => number): number =>
    Array.from({ length: a.length }, (_, index) => of(index)).reduce((sum, value) => sum + value, 0) / a.length;
  const [meanA, meanB] = [average((index) => a[index]), average((index) => b[index])];
  const covariance = average((index) => (a[index] - meanA) * (b[index] - meanB));
  const varianceA = average((index) => (a[index] - meanA) ** 2);
  const varianceB = average((index) => (b[index] - meanB) ** 2);
  return covariance / Math.sqrt(varianceA * varianceB);
}
