import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import { type BackboneConfig, createBackbone, frozenPrefixes } from './index.ts';

test('the example of the README runs, and is what stands here', () => {
  const norm = { kind: 'group', groups: 8 } as const;
  const config: BackboneConfig = { depth: 18, width: 16, pyramidChannels: 32, norm, freezeStages: 2, strideIn: '3x3' };
  using scope = ParamScope.root(7);
  const backbone = createBackbone(scope.child('backbone'), config);
  const image: Tensor4D = zeros([1, 64, 96, 3]); // sides are multiples of 32
  const { c, p } = backbone.extract(image); // c[0] is [1, 16, 24, 16], p[0] [1, 16, 24, 32], p[4] [1, 1, 2, 32]
  const frozen = frozenPrefixes(config).map((prefix) => `backbone/${prefix}`); // backbone/stem, backbone/stage2
  const trained = [...scope.variables()].filter(([path]) => !frozen.some((prefix) => path.startsWith(prefix)));

  expect([c[0], p[0], p[4]].map(({ shape }) => shape)).toEqual([
    [1, 16, 24, 16],
    [1, 16, 24, 32],
    [1, 1, 2, 32],
  ]);
  expect(frozen).toEqual(['backbone/stem', 'backbone/stage2']);
  expect(trained[0][0]).toMatch(/^backbone\/stage3\//);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1].replace('@pffnet/backbone', './index.ts').split('\n');
  const here = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  expect(here.map((line) => line.trim())).toEqual(expect.arrayContaining(example.map((line) => line.trim())));
});
