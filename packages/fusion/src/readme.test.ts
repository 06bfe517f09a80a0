import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ones, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import { createFusion, type FusionConfig } from './index.ts';

test('the example of the README runs, and is what stands here', () => {
  const pasting = { head: 'none', detachMask: false, window: 'exact', geometry: 'continuous' } as const;
  const attending = { order: 'sigmoid-resize', channels: 'fg_only', compose: 'sequential' } as const;
  const config: FusionConfig = { kind: 'residual-attention', ...pasting, ...attending };

  using scope = ParamScope.root(7);
  const fusion = createFusion(scope.child('fusion'), config);
  const features: Tensor4D = ones([1, 4, 4, 2]); // F0, at image resolution
  const maskLogits: Tensor4D = zeros([1, 28, 28, 2]); // one RoI that is undecided: P = 1/2
  const fused = fusion.fuse({ features, maskLogits, boxes: Float32Array.of(1, 1, 3, 3) });
  // Inside the box the foreground grows from 1 to 1 + P = 1.5; all else stays 1.

  const foreground = fused.arraySync()[0].map((row) => row.map(([, value]) => value));
  expect(foreground.flat()).toBeAllClose([1, 1, 1, 1, 1, 1.5, 1.5, 1, 1, 1.5, 1.5, 1, 1, 1, 1, 1], {
    atol: 1e-6,
    rtol: 0,
  });
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1].replace('@pffnet/fusion', './index.ts').split('\n');
  const here = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  expect(here.map((line) => line.trim())).toEqual(expect.arrayContaining(example.map((line) => line.trim())));
});
