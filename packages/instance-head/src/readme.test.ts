import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope, roiAlignDirect } from '@pffnet/tensor-ops';
import { randomTensor } from '@pffnet/tensor-ops/testing';
import { smallConfig as config } from '../test/small-config.ts';
import { anchorsOfPyramid, createInstanceHead, selectProposals } from './index.ts';

test('the example of the README runs', async () => {
  const pyramid = [16, 8, 4, 2, 1].map((side): Tensor4D => randomTensor([1, side, side, 4], `P ${side}`));
  const sizes = pyramid.map(({ shape: [, height, width] }) => ({ height, width }));

  // <example>
  using scope = ParamScope.root(1);
  const { anchors, proposals, geometry } = config; // an InstanceHeadConfig
  const head = createInstanceHead(scope, { pyramidChannels: 4 }, config);
  const rpn = head.propose(pyramid); // P2..P6, [1, h, w, 4] each
  const { boxes } = selectProposals({
    objectness: await Promise.all(rpn.objectness.map((level) => level.data<'float32'>())),
    deltas: await Promise.all(rpn.deltas.map((level) => level.data<'float32'>())),
    anchors: anchorsOfPyramid(sizes, anchors, geometry),
    imageSize: { height: 64, width: 64 },
    counts: proposals.test,
    nms: proposals.nms,
    minSize: proposals.minSize,
    geometry,
  });
  const { logits, deltas } = head.describeBoxes(pyramid, boxes, roiAlignDirect); // [n, 2], [n, 4]
  const { maskLogits, quality } = head.describeMasks(pyramid, boxes, roiAlignDirect); // [n, 28, 28, 2], [n]
  // </example>

  const count = proposals.test.total;
  expect([logits.shape, deltas.shape, maskLogits.shape, quality?.shape]).toEqual([
    [count, 2],
    [count, 4],
    [count, 28, 28, 2],
    [count],
  ]);
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});
