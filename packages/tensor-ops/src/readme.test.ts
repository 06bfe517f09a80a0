import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { conv2d, ParamScope, pasteMasks, roiAlign } from './index.ts';
import { sigmoid, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import './testing/index.ts';

test('the example of the README runs', () => {
  // <example>
  using scope = ParamScope.root(1); // the seed of every parameter below
  const maskHead = conv2d(scope.child('mask'), { kernel: 3, inChannels: 8, outChannels: 1 });
  const features: Tensor4D = zeros([1, 16, 16, 8]); // of an image of 64 x 64 pixels, at stride 4
  const boxes = Float32Array.of(8, 8, 40, 30, 20, 16, 64, 48); // two boxes y1, x1, y2, x2 in image pixels
  const spec = { side: 14, strides: [4], geometry: 'continuous' } as const;
  const masks = tidy(() => sigmoid(maskHead(roiAlign([features], boxes, Int32Array.of(0, 0), spec)))); // [2, 14, 14, 1]
  const pasted = pasteMasks(masks, boxes, { height: 64, width: 64 }, 'continuous'); // [2, 64, 64, 1]
  // </example>

  expect(masks.shape).toEqual([2, 14, 14, 1]);
  expect(pasted.shape).toEqual([2, 64, 64, 1]);
  // The head sees zeros and starts without bias: one half in the box, zero outside.
  expect(pasted.dataSync()[20 * 64 + 20]).toBeCloseTo(0.5, 6);
  expect(pasted.dataSync()[0]).toBe(0);
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});
