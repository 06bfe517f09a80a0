import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import { maskLoss, maskTargets, qualityLoss, qualityTargets } from './index.ts';
import { labelMap } from '@pffnet/structures';
import { add, tensor1d, type Tensor4D, zeros } from '@tensorflow/tfjs-core';

test('the example in the README runs', () => {
  // <example>
  const labels = labelMap(4, 4, [0, 0, 0, 0, 0, 7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0]);
  const truth = maskTargets({ labels, ids: [7], boxes: Float32Array.of(1, 1, 3, 3), side: 28 });
  const logits: Tensor4D = zeros([1, 28, 28, 2]); // what a mask head predicted
  const mask = maskLoss({ logits, targets: truth.targets });
  const quality = qualityLoss({ predicted: tensor1d([0.5]), target: qualityTargets({ logits, ...truth }) });
  const loss = add(mask, quality);
  // </example>

  // Nothing is predicted: ln 2 for the mask, and a quality of 0, which does not count.
  expect(loss).toBeAllClose(Math.log(2), { atol: 0, rtol: 1e-6 });
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});
