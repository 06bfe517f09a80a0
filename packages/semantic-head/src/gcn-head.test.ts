import { describe, expect, test } from '@jest/globals';
import {
  grads,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  ones,
  sum,
  tensor,
  type Tensor,
  tensor4d,
  type Tensor4D,
  tidy,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { randomStream } from '@pffnet/structures';
import { golden, type GoldenCase, goldenParam, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { createSemanticHead } from './create-semantic-head.ts';
import type { SemanticHeadConfig } from './semantic-heads.ts';
import type { SemanticFeatures, SemanticHeadSpec } from './semantic-head.ts';

const small: SemanticHeadSpec = { bottomUpChannels: [2, 3, 4, 5], pyramidChannels: 4 };
const smallGcn: SemanticHeadConfig = { kind: 'gcn', kernel: 3, channels: 4, groups: 2 };

/** Random C2-C5 of an image of 32 x 64 pixels, and P2-P6 that nothing reads. */
const smallFeatures = ({ bottomUpChannels }: SemanticHeadSpec): SemanticFeatures => {
  const stream = randomStream(5, 'features');
  const map = (index: number): Tensor4D => {
    const [height, width, channels] = [8 / 2 ** index, 16 / 2 ** index, bottomUpChannels[index]];
    const values = Float32Array.from({ length: height * width * channels }, () => stream.normal());
    return tensor4d(values, [1, height, width, channels]);
  };
  const unread: Tensor4D = ones([1, 1, 1, 1]);
  return { c: [map(0), map(1), map(2), map(3)], p: [unread, unread, unread, unread, unread] };
};

/** A reference parameter's path here: `gcn_layer` and `res2_layer` 1-4 read C2-C5; `res_layer` 4-2 follow the sums at C4-C2. */
const pathOf = (name: string): string => {
  const [, level, rest] = /^semseg\.(?:sem_final_block|\w+_layer(\d))\.(.+)$/.exec(name)!;
  if (level === undefined) return `logits/${rest === 'weight' ? 'kernel' : 'bias'}`;
  const block = name.includes('.gcn_') ? 'large-kernel' : name.includes('.res2_') ? 'residual' : 'merge';
  const leaf: Record<string, string> = {
    'gcn_l1.weight': 'tall-wide/tall/kernel',
    'gcn_l1.bias': 'tall-wide/tall/bias',
    'gcn_l2.weight': 'tall-wide/wide/kernel',
    'gcn_l2.bias': 'tall-wide/wide/bias',
    'gcn_r1.weight': 'wide-tall/wide/kernel',
    'gcn_r1.bias': 'wide-tall/wide/bias',
    'gcn_r2.weight': 'wide-tall/tall/kernel',
    'gcn_r2.bias': 'wide-tall/tall/bias',
    'conv_1.0.weight': 'conv1/kernel',
    'conv_1.1.weight': 'norm1/scale',
    'conv_1.1.bias': 'norm1/shift',
    'conv_2.0.weight': 'conv2/kernel',
    'conv_2.1.weight': 'norm2/scale',
    'conv_2.1.bias': 'norm2/shift',
  };
  return `c${Number(level) + (block === 'merge' ? 0 : 1)}/${block}/${leaf[rest]}`;
};

const assignGolden = (scope: ParamScope, { tag, params }: GoldenCase): void =>
  scope.assign(new Map(params.map(({ name, shape }) => [pathOf(name), goldenParam(tag, name, shape)])));

describe('GcnHead', () => {
  test('enlarges what it finds by whole cells: every 4 x 4 block of logits is one cell of C2', () => {
    using scope = ParamScope.root(1);
    const logits = createSemanticHead(scope, small, smallGcn).predict(smallFeatures(small));
    expect(logits.shape).toEqual([1, 32, 64, 2]);
    const values = logits.arraySync()[0];
    for (let y = 0; y < 32; y++) for (let x = 0; x < 64; x++) expect(values[y][x]).toEqual(values[y & ~3][x & ~3]);
  });

  test('carries every level to the logits', () => {
    using scope = ParamScope.root(1);
    const head = createSemanticHead(scope, small, smallGcn);
    const { c, p } = smallFeatures(small);
    const gradients = tidy(() =>
      grads((...maps: Tensor[]) => sum(mul(head.predict({ c: maps as unknown as typeof c, p }), 1e3)))([...c]),
    );
    for (const gradient of gradients) expect(gradient.dataSync().some((value) => value !== 0)).toBe(true);
  });

  test('matches the reference: number of parameters, logits, cross-entropy and gradients', () => {
    const released = golden('gcn_decoder');
    const { plain } = released;
    using scope = ParamScope.root(1);
    const spec: SemanticHeadSpec = { bottomUpChannels: [256, 512, 1024, 2048], pyramidChannels: 256 };
    const head = createSemanticHead(scope, spec, { kind: 'gcn', kernel: 5, channels: 64, groups: 32 });
    const variables = scope.variables();
    expect(variables.size).toBe(released.params.length);
    expect([...variables.values()].reduce((total, { size }) => total + size, 0)).toBe(3_140_482);
    assignGolden(scope, released);

    const [c2, c3, c4, c5] = ['C2', 'C3', 'C4', 'C5'].map((name) => nhwc(plain(name)) as Tensor4D);
    const { p } = smallFeatures(small);
    const predict = (coarsest: Tensor): Tensor4D => head.predict({ c: [c2, c3, c4, coarsest as Tensor4D], p });
    const truth = oneHot(tensor(plain('gt').data, [1, 64, 64], 'int32'), 2);
    const crossEntropy = (logits: Tensor): Tensor => neg(mean(sum(mul(truth, logSoftmax(logits)), -1)));

    const logits = predict(c5);
    expect(logits).toBeAllClose(nhwc(plain('logits')), plain('logits'));
    const { value: loss, grad: ofLogits } = valueAndGrad(crossEntropy)(logits);
    const stored = released.scalars['ce_loss'];
    expect(loss).toBeAllClose(stored.value as number, { atol: 0, rtol: stored.rtol });
    expect(ofLogits).toBeAllClose(nhwc(plain('grad_logits')), plain('grad_logits'));

    const [ofC5, ofKernel] = tidy(() =>
      grads((coarsest: Tensor) => predict(coarsest))([c5, variables.get('logits/kernel')!], ofLogits),
    );
    expect(ofC5).toBeAllClose(nhwc(plain('grad_C5')), plain('grad_C5'));
    // The only reference gradient of a parameter: [2, 64, 1, 1], ours is [1, 1, 64, 2].
    const { data, atol, rtol } = plain('grad_sem_final_block.weight');
    const turned = Float32Array.from({ length: 128 }, (_, index) => data[(index % 2) * 64 + (index >> 1)]);
    expect(ofKernel).toBeAllClose(turned, { atol, rtol });
  });

  test('agrees with finite differences in C2-C5', () => {
    using scope = ParamScope.root(2);
    const head = createSemanticHead(scope, small, smallGcn);
    const { c, p } = smallFeatures(small);
    const run = (...maps: Tensor[]): Tensor => head.predict({ c: maps as unknown as typeof c, p });
    expect(gradientError(run, [...c], { entries: 6, step: 1e-2 })).toBeLessThan(5e-3);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const head = createSemanticHead(scope, small, smallGcn);
    const features = smallFeatures(small);
    expect(newTensors(() => head.predict(features))).toBe(1);
  });

  test('names the map that does not fit', () => {
    using scope = ParamScope.root(1);
    const head = createSemanticHead(scope, small, smallGcn);
    const { c, p } = smallFeatures(small);
    expect(() => head.predict({ c: [c[0], c[1], c[1], c[3]], p })).toThrow(
      'predict: expected C4 [1, 2, 4, 4], got [1, 4, 8, 3]',
    );
  });

  test.each([
    [{ kernel: 4 }, 'semanticHead.kernel: expected an odd number, got 4'],
    [{ groups: 3 }, 'semanticHead.groups: expected a divisor of 4 channels, got 3'],
    [{ kind: 'gnc' }, 'semanticHead.kind: expected gcn, panoptic-fpn, jsis, aunet, upsnet or oanet, got gnc'],
  ])('refuses %j', (change, message) => {
    using scope = ParamScope.root(1);
    const config = { ...smallGcn, ...change } as SemanticHeadConfig;
    expect(() => createSemanticHead(scope, small, config)).toThrow(message);
    expect(scope.variables().size).toBe(0);
  });
});
