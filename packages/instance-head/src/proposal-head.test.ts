import { describe, expect, test } from '@jest/globals';
import { mul, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { boxesFromXyxy, golden, gradientError, nhwc, randomTensor } from '@pffnet/tensor-ops/testing';
import { assignReference, layerNames, referenceParam, swapDeltaAxes } from '../test/reference-weights.ts';
import { scaleParameter } from '../test/scale-parameter.ts';
import { unreachedParameters } from '../test/unreached-parameters.ts';
import { anchorsOfPyramid } from './anchors.ts';
import type { ProposalCounts } from './config.ts';
import { proposalHead } from './proposal-head.ts';
import { selectProposals } from './select-proposals.ts';
import { gatherBoxes } from './gather-boxes.ts';
import { topK } from './top-k.ts';

const reference = golden('rpn_head_proposals');
const { plain } = reference;
const levels = ['P2', 'P3', 'P4', 'P5', 'P6'];
const [imageHeight, imageWidth] = reference.config['image_hw'] as [number, number];

/** The reference's deltas as ours: [1, h, w, 4a], channel = anchor * 4 + (dy, dx, dh, dw). */
const deltasOf = (level: string): Float32Array => {
  const stored = nhwc(plain(`deltas_${level}`));
  return swapDeltaAxes({ shape: stored.shape, data: stored.dataSync() as Float32Array }).data;
};

describe('proposalHead', () => {
  test('says the same of the same features on every level', () => {
    using scope = ParamScope.root(3);
    const head = proposalHead(scope, { channels: 4, anchors: 2 });
    const level: Tensor4D = randomTensor([1, 3, 5, 4], 'level');
    const { objectness, deltas } = head([level, level]);
    expect(objectness.map(({ shape }) => shape)).toEqual([
      [1, 3, 5, 2],
      [1, 3, 5, 2],
    ]);
    expect(deltas[0].shape).toEqual([1, 3, 5, 8]);
    expect(objectness[1]).toBeAllClose(objectness[0], { atol: 0, rtol: 0 });
    expect(deltas[1]).toBeAllClose(deltas[0], { atol: 0, rtol: 0 });
  });

  test('matches the reference on five levels', () => {
    using scope = ParamScope.root(3);
    const head = proposalHead(scope, { channels: 256, anchors: 3 });
    assignReference(scope, reference, {
      ...layerNames('hidden', 'rpn.head.conv'),
      ...layerNames('objectness', 'rpn.head.cls_logits'),
    });
    scope.assign(
      new Map([
        ['deltas/kernel', swapDeltaAxes(referenceParam(reference, ['rpn.head.bbox_pred.weight']))],
        ['deltas/bias', swapDeltaAxes(referenceParam(reference, ['rpn.head.bbox_pred.bias']))],
      ]),
    );
    const { objectness, deltas } = head(levels.map((level) => nhwc(plain(level)) as Tensor4D));
    levels.forEach((level, index) => {
      const expected = plain(`objectness_${level}`);
      expect(objectness[index]).toBeAllClose(nhwc(expected), expected);
      expect(mul(deltas[index], 0.35)).toBeAllClose(deltasOf(level), plain(`deltas_${level}`));
    });
  });

  test.each(['train', 'test'])('makes the proposals of the reference: %s', (mode) => {
    const counts = reference.config[mode] as Record<string, number>;
    const maps = levels.map((level) => nhwc(plain(`objectness_${level}`)));
    const mapSizes = maps.map(({ shape }) => ({ height: shape[1]!, width: shape[2]! }));
    const { boxes, scores } = selectProposals({
      objectness: maps.map((map) => map.dataSync() as Float32Array),
      deltas: levels.map(deltasOf),
      anchors: anchorsOfPyramid(mapSizes, { sizes: [32, 64, 128, 256, 512], ratios: [0.5, 1, 2] }, 'legacy'),
      imageSize: { height: imageHeight, width: imageWidth },
      counts: {
        perLevelBeforeNms: counts['pre_nms_per_level'],
        perLevelAfterNms: counts['post_nms_per_level'],
        total: counts['across_levels'],
      } as ProposalCounts,
      nms: 0.7,
      minSize: 0,
      geometry: 'legacy',
      ...(mode === 'train' ? { appended: boxesFromXyxy(plain('gt')) } : {}),
    });
    // In training the reference keeps its proposals level by level; appended boxes have the highest score there.
    const expectedScores = plain(`${mode}_objectness`);
    const appended = mode === 'train' ? 2 : 0;
    const predicted = expectedScores.data.slice(0, expectedScores.data.length - appended) as Float32Array;
    const order = Int32Array.of(
      ...topK(predicted, predicted.length),
      ...Array.from({ length: appended }, (_, index) => predicted.length + index),
    );
    const expectedBoxes = plain(`${mode}_proposals`);
    expect(scores).toBeAllClose(
      Float32Array.from(order, (index) => expectedScores.data[index]),
      expectedScores,
    );
    expect(boxes).toBeAllClose(gatherBoxes(boxesFromXyxy(expectedBoxes), order), expectedBoxes);
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(3);
    const head = proposalHead(scope, { channels: 4, anchors: 1 });
    for (const layer of ['hidden', 'objectness', 'deltas']) scaleParameter(scope, `${layer}/kernel`, 30);
    const level: Tensor4D = randomTensor([1, 3, 3, 4], 'a');
    expect(gradientError((map) => head([map as Tensor4D]).objectness[0], [level])).toBeLessThan(2e-3);
    expect(gradientError((map) => head([map as Tensor4D]).deltas[0], [level])).toBeLessThan(2e-3);
  });

  test('reaches every parameter', () => {
    using scope = ParamScope.root(3);
    const head = proposalHead(scope, { channels: 4, anchors: 1 });
    const level: Tensor4D = randomTensor([1, 3, 3, 4], 'a');
    const run = (): Tensor[] => Object.values(head([level])).flat();
    expect(unreachedParameters(scope, run)).toEqual([]);
  });
});
