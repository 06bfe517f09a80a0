import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ones, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import { createSemanticHead, PyramidSemanticMap } from './index.ts';

test('the example of the README runs, and is what stands here', () => {
  const map = (side: number, channels: number): Tensor4D => ones([1, side, side, channels]);
  using scope = ParamScope.root(7);
  const spec = { bottomUpChannels: [4, 8, 16, 32], pyramidChannels: 8 } as const;
  const head = createSemanticHead(scope.child('semantic'), spec, { kind: 'gcn', kernel: 5, channels: 8, groups: 4 });
  const instanceMap = new PyramidSemanticMap(scope.child('instance-semantic'), spec);

  const p = [map(16, 8), map(8, 8), map(4, 8), map(2, 8), map(1, 8)] as const;
  const semantic = head.predict({ c: [map(16, 4), map(8, 8), map(4, 16), map(2, 32)], p }); // [1, 64, 64, 2]
  const fusible = instanceMap.predict(p[0]); // [1, 64, 64, 2]

  expect([semantic.shape, fusible.shape]).toEqual([
    [1, 64, 64, 2],
    [1, 64, 64, 2],
  ]);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1].replace('@pffnet/semantic-head', './index.ts').split('\n');
  const here = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  expect(here.map((line) => line.trim())).toEqual(expect.arrayContaining(example.map((line) => line.trim())));
});
