import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from '@jest/globals';
import {
  grad,
  maxPool,
  mul,
  relu,
  type Scalar,
  setBackend,
  slice,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
  transpose,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { golden, gradientError, nhwc } from '@pffnet/tensor-ops/testing';
import { noise } from '../test/noise.ts';
import { referenceParams } from '../test/reference-params.ts';
import type { BackboneConfig } from './backbone-options.ts';
import { planBackbone } from './plan-backbone.ts';
import { residualBlock, residualStage, stem } from './resnet.ts';

const affine = { kind: 'frozen-affine' } as const;
const paperNorm = { kind: 'group', groups: 32 } as const;
const pairs = { kind: 'group', groups: 2 } as const;
const tiny: BackboneConfig = {
  depth: 18,
  width: 4,
  pyramidChannels: 4,
  norm: pairs,
  freezeStages: 0,
  strideIn: '3x3',
};
const oneChannel = planBackbone({ ...tiny, width: 1, norm: affine });

/** A kernel [side, side, in, 1] that copies the first channel of the pixel at its centre. */
function copying(side: number, inChannels: number): { shape: number[]; data: Float32Array } {
  const data = new Float32Array(side * side * inChannels);
  data[((side * side - 1) / 2) * inChannels] = 1;
  return { shape: [side, side, inChannels, 1], data };
}

describe('stem', () => {
  test('takes the largest response among each 3x3 neighbourhood of every second pixel', () => {
    using scope = ParamScope.root(1);
    const run = stem(scope, oneChannel, affine);
    scope.assign(new Map([['stem/conv/kernel', copying(7, 3)]]));
    const image = new Float32Array(8 * 8 * 3);
    const set = (row: number, column: number, value: number): void => {
      image[(row * 8 + column) * 3] = value;
    };
    set(2, 2, 7); // cell (1, 1) of the convolution, which all four windows see
    set(6, 6, 9); // cell (3, 3), which the last window sees alone
    set(4, 0, -5); // below zero
    set(3, 3, 8); // between the pixels that stride 2 visits
    expect(run(tensor(image, [1, 8, 8, 3]))).toBeAllClose([7, 7, 7, 9], { atol: 0, rtol: 0 });
  });

  test('has the same gradient through its max-pool on the WASM engine', async () => {
    const weights = noise([1, 6, 5, 5], 2);
    const pooled = (x: Tensor): Tensor => sum(mul(maxPool(relu(x as Tensor4D), 3, 2, 1, 'floor'), weights));
    const expected = grad(pooled)(noise([1, 12, 10, 5])).dataSync();
    await setBackend('wasm');
    const actual = grad(pooled)(noise([1, 12, 10, 5])).dataSync();
    await setBackend('cpu');
    expect(actual).toBeAllClose(expected, { atol: 1e-6, rtol: 1e-6 });
  });
});

describe('residualBlock', () => {
  test('adds the input to what the convolutions make of it, with a ReLU between and after', () => {
    using scope = ParamScope.root(1);
    const run = residualBlock(scope, oneChannel.stages[0][0], affine);
    scope.assign(
      new Map([
        ['stage2/block0/conv1/kernel', copying(3, 1)],
        ['stage2/block0/conv2/kernel', copying(3, 1)],
        ['stage2/block0/norm2/scale', { shape: [1], data: Float32Array.of(10) }],
        ['stage2/block0/norm2/shift', { shape: [1], data: Float32Array.of(0.5) }],
      ]),
    );
    // -3: relu(-3 + 10 relu(-3) + 0.5); 2: relu(2 + 10 relu(2) + 0.5)
    expect(run(tensor([-3, 2], [1, 1, 2, 1]))).toBeAllClose([0, 22.5], { atol: 0, rtol: 0 });
  });

  test.each([
    { strideIn: '1x1', looksBetween: false },
    { strideIn: '3x3', looksBetween: true },
  ] as const)('strides in the $strideIn: pixels between count: $looksBetween', ({ strideIn, looksBetween }) => {
    using scope = ParamScope.root(1);
    const plan = planBackbone({ ...tiny, depth: 50, norm: affine, strideIn });
    const run = residualBlock(scope, plan.stages[1][0], affine);
    const x = noise([1, 4, 4, 16]);
    const changed = x.dataSync().slice() as Float32Array;
    changed.fill(9, 16, 32); // the pixel (0, 1)
    const y = run(x);
    const differs = run(tensor(changed, x.shape))
      .dataSync()
      .some((value, index) => value !== y.dataSync()[index]);
    expect(y.shape).toEqual([1, 2, 2, 32]);
    expect(differs).toBe(looksBetween);
  });

  test.each([
    { name: 'basic block', depth: 18, stage: 0, channels: 4 },
    { name: 'basic block with a projection', depth: 18, stage: 1, channels: 4 },
    { name: 'bottleneck', depth: 50, stage: 0, channels: 4 },
    { name: 'bottleneck with stride', depth: 50, stage: 1, channels: 16 },
  ] as const)('has the gradient of central differences: $name', ({ depth, stage, channels }) => {
    using scope = ParamScope.root(5);
    const run = residualBlock(scope, planBackbone({ ...tiny, depth }).stages[stage][0], pairs);
    expect(gradientError((x) => run(x as Tensor4D), [noise([1, 5, 3, channels])])).toBeLessThan(2e-3);
  });

  test('has the gradient of central differences through a frozen affine', () => {
    using scope = ParamScope.root(5);
    const run = residualBlock(scope, planBackbone({ ...tiny, norm: affine }).stages[1][0], affine);
    expect(gradientError((x) => run(x as Tensor4D), [noise([1, 5, 3, 4])])).toBeLessThan(2e-3);
  });
});

describe('residualStage', () => {
  test('has the gradients of the reference on odd sizes', () => {
    const reference = golden('resnet_gn_blocks');
    using scope = ParamScope.root(1);
    const plan = planBackbone({ ...tiny, depth: 50, width: 64, pyramidChannels: 256, norm: paperNorm });
    const run = residualStage(scope, plan.stages[1].slice(0, 2), paperNorm); // the case has two blocks per stage
    scope.assign(referenceParams(reference, (path) => scope.variables().has(path)));
    const map = (name: string): Tensor4D => nhwc(reference.plain(name)) as Tensor4D;
    const input = variable(map('odd_in')); // its gradient then comes with those of the parameters
    const total = (): Scalar => sum(mul(run(input as unknown as Tensor4D), map('odd_upstream')));
    const vectors = {
      'layer2.0.bn2.weight': 'stage3/block0/norm2/scale',
      'layer2.0.bn2.bias': 'stage3/block0/norm2/shift',
      'layer2.0.downsample.1.weight': 'stage3/block0/shortcut/norm/scale',
    };
    const at = (path: string): Variable => scope.variables().get(path)!;
    const conv2 = at('stage3/block0/conv2/kernel');
    const { grads } = variableGrads(total, [input, conv2, ...Object.values(vectors).map(at)]);

    const toInput = reference.plain('odd_grad_in');
    expect(grads[input.name]).toBeAllClose(nhwc(toInput), toInput);
    const kernel = reference.plain('grad_layer2.0.conv2.weight_first8'); // [8, 128, 3, 3]
    const firstOutputs = slice(grads[conv2.name], [0, 0, 0, 0], [3, 3, 128, 8]); // [row, column, in, out]
    expect(firstOutputs).toBeAllClose(transpose(tensor(kernel.data, [8, 128, 3, 3]), [2, 3, 1, 0]), kernel);
    for (const [name, path] of Object.entries(vectors)) {
      const expected = reference.plain(`grad_${name}`);
      expect(grads[at(path).name]).toBeAllClose(expected.data, expected);
    }
  });
});
