// Full-width heads are too slow on the CPU engine: these cases run on WASM.
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  grads,
  type KernelFunc,
  mul,
  registerKernel,
  setBackend,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  type TensorInfo,
  tidy,
  transpose,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { golden, goldenWeight, nhwc } from '@pffnet/tensor-ops/testing';
import { createMaskHead, type MaskHeadConfig } from '../src/mask-heads.ts';
import type { MaskHead } from '../src/mask-trunk.ts';
import { qualityHead } from '../src/quality-head.ts';
import { assignReference, blockNames, layerNames, referenceParam } from './reference-weights.ts';

const extractor = 'mask.feature_extractor';
const trunkNames = ['first', 'second', 'third', 'fourth'].map((name, index) =>
  blockNames(`trunk/${name}`, 'conv', `${extractor}.mask_fcn${index + 1}`),
);

describe('mask heads, full width', () => {
  const reference = golden('mask_head');
  const { plain } = reference;
  const features = (): Tensor4D => nhwc(plain('roi_features')) as Tensor4D;
  const dual = (scope: ParamScope, repeatLastConv: boolean): MaskHead => {
    const config: MaskHeadConfig = { kind: 'dual', channels: 256, repeatLastConv };
    const head = createMaskHead(scope, { inChannels: 256, groups: 32 }, config);
    assignReference(
      scope,
      reference,
      Object.assign(
        {},
        ...trunkNames,
        layerNames('convolutional/enlarge', 'mask.predictor.conv5_mask'),
        layerNames('convolutional/logits', 'mask.predictor.mask_fcn_final'),
        blockNames('connected/first', 'conv', `${extractor}.conv4_fc`),
        blockNames('connected/second', 'conv', `${extractor}.conv5_fc`),
        layerNames('connected/map', `${extractor}.fc_final`, [128, 14, 14]),
      ),
    );
    return head;
  };

  beforeAll(async () => {
    await setBackend('wasm');
    registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: pointwiseFilterGradient });
  });
  afterAll(() => setBackend('cpu'));

  test('dual, last trunk convolution once, matches the reference', () => {
    using scope = ParamScope.root(1);
    expect(dual(scope, false)(features())).toBeAllClose(nhwc(plain('logits_norepeat')), plain('logits_norepeat'));
  });

  test('dual, last trunk convolution twice, matches the reference forward and backward', () => {
    using scope = ParamScope.root(1);
    const head = dual(scope, true);
    const upstream = nhwc(plain('grad_logits'));
    const rois = variable(features()) as Variable & Tensor4D;
    const names = ['connected/map/bias', 'convolutional/logits/kernel', 'trunk/fourth/norm/scale'];
    const parameters = names.map((name) => scope.variables().get(name)!);
    const found = variableGrads(() => {
      const logits = head(rois);
      expect(logits).toBeAllClose(nhwc(plain('logits')), plain('logits'));
      return sum(mul(logits, upstream));
    }, [rois, ...parameters]).grads;
    expect(found[rois.name]).toBeAllClose(nhwc(plain('grad_R')), plain('grad_R'));
    const [fcBias, lastKernel, fourthScale] = parameters.map(({ name }) => found[name]);
    expect(fcBias).toBeAllClose(plain('g_fc').data, plain('g_fc'));
    const [out, inputs] = plain('g_final').shape;
    const lastExpected = transpose(tensor(plain('g_final').data, [out, inputs])); // [2, 256, 1, 1] -> [256, 2]
    expect(lastKernel).toBeAllClose(lastExpected, plain('g_final'));
    expect(fourthScale).toBeAllClose(plain('g_fcn4').data, plain('g_fcn4'));
  });

  test('deconv matches the reference', () => {
    using scope = ParamScope.root(1);
    const head = createMaskHead(scope, { inChannels: 256, groups: 32 }, { kind: 'deconv', channels: 256 });
    assignReference(
      scope,
      reference,
      Object.assign({}, ...trunkNames, layerNames('logits', 'mask.plain_predictor.mask_fcn_final')),
    );
    // [in, out, 2, 2] -> [1, 1, in, 4 * out], channel = 4 * out + 2 * row + column: the same order of numbers.
    const kernel = goldenWeight(reference.tag, 'mask.plain_predictor.conv5_mask.weight', [256, 256, 2, 2]);
    scope.assign(
      new Map([
        ['enlarge/kernel', { shape: [1, 1, 256, 1024], data: kernel }],
        ['enlarge/bias', referenceParam(reference, ['mask.plain_predictor.conv5_mask.bias'])],
      ]),
    );
    expect(head(features())).toBeAllClose(nhwc(plain('plain_logits')), plain('plain_logits'));
  });
});

describe('quality head, full width', () => {
  beforeAll(() => setBackend('wasm'));
  afterAll(() => setBackend('cpu'));

  test('matches the reference, and so does the gradient of the mask', () => {
    const reference = golden('quality_head');
    const { plain } = reference;
    using scope = ParamScope.root(1);
    const head = qualityHead(scope, { channels: 256, hidden: 1024, groups: 32, packing: 'view' });
    const theirs = 'maskiou.feature_extractor';
    assignReference(
      scope,
      reference,
      Object.assign(
        {},
        ...['first', 'second', 'third', 'fourth'].map((name, index) =>
          blockNames(name, 'conv', `${theirs}.maskiou_fcn${index + 1}`),
        ),
        blockNames('connected1', 'dense', `${theirs}.maskiou_fc1`, [256, 7, 7]),
        blockNames('connected2', 'dense', `${theirs}.maskiou_fc2`),
      ),
    );
    // The reference has an output per class; column 1 is the foreground's.
    const kernel = referenceParam(reference, ['maskiou.predictor.maskiou.weight']).data as Float32Array;
    const bias = referenceParam(reference, ['maskiou.predictor.maskiou.bias']).data as Float32Array;
    scope.assign(
      new Map([
        ['quality/kernel', { shape: [1024, 1], data: kernel.filter((_, at) => at % 2 === 1) }],
        ['quality/bias', { shape: [1], data: bias.slice(1) }],
      ]),
    );
    const features = nhwc(plain('roi_features')) as Tensor4D;
    const probabilities = nhwc(plain('mask_prob')) as Tensor4D;
    const expected = plain('pred');
    const foreground = (expected.data as Float32Array).filter((_, at) => at % 2 === 1);
    expect(head(features, probabilities)).toBeAllClose(foreground, expected);
    const [gradient] = tidy(() => grads((x: Tensor) => sum(head(features, x as Tensor4D)))([probabilities]));
    expect(gradient).toBeAllClose(nhwc(plain('grad_mask_prob')), plain('grad_mask_prob'));
  });
});

/** WASM has no filter gradient of its own; for a 1x1 kernel it is the sum over pixels of x times dy. */
const pointwiseFilterGradient: KernelFunc = ({ inputs, attrs, backend }) => {
  const engine = backend as {
    readSync(id: object): Float32Array;
    makeOutput(shape: number[], dtype: string): TensorInfo & { dataId: object };
    typedArrayFromHeap(info: TensorInfo): Float32Array;
  };
  const [rows, columns, inChannels, outChannels] = attrs?.['filterShape'] as number[];
  if (rows * columns !== 1) throw new Error('only 1x1 kernels are expected here');
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const [values, upstream] = [engine.readSync(x.dataId), engine.readSync(dy.dataId)];
  const output = engine.makeOutput([1, 1, inChannels, outChannels], 'float32');
  const gradient = engine.typedArrayFromHeap(output);
  const sums = new Float64Array(inChannels * outChannels);
  for (let pixel = 0; pixel < values.length / inChannels; pixel++)
    for (let c = 0; c < inChannels; c++)
      for (let k = 0; k < outChannels; k++)
        sums[c * outChannels + k] += values[pixel * inChannels + c] * upstream[pixel * outChannels + k];
  gradient.set(sums);
  return output;
};
