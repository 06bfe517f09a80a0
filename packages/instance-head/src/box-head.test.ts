import { describe, expect, test } from '@jest/globals';
import { softmax, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { ParamScope, roiAlign } from '@pffnet/tensor-ops';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { boxesFromXyxy, golden, gradientError, nhwc, randomTensor } from '@pffnet/tensor-ops/testing';
import { assignReference, blockNames, layerNames, referenceParam, swapDeltaAxes } from '../test/reference-weights.ts';
import { smallConfig } from '../test/small-config.ts';
import { scaleParameter } from '../test/scale-parameter.ts';
import { unreachedParameters } from '../test/unreached-parameters.ts';
import { boxHead } from './box-head.ts';
import { createInstanceHead } from './instance-head.ts';
import { refineBoxes } from './refine-boxes.ts';
import { selectDetections } from './select-detections.ts';

const reference = golden('box_head');
const { plain } = reference;
const [imageWidth, imageHeight] = reference.config['image_wh'] as [number, number];
const imageSize = { height: imageHeight, width: imageWidth };

/** The foreground half of the reference's class-major deltas [n, 8] or of their parameters, as ours. */
const foregroundDeltas = ({ shape, data }: PlainTensor): PlainTensor & { readonly data: Float32Array } => {
  const half = { shape: [...shape.slice(0, -1), 4], data: (data as Float32Array).filter((_, at) => at % 8 >= 4) };
  return swapDeltaAxes(half);
};

describe('boxHead', () => {
  test('gives two logits and four deltas per RoI', () => {
    using scope = ParamScope.root(3);
    const head = boxHead(scope, { channels: 4, hidden: 8, groups: 2 });
    const { logits, deltas } = head(randomTensor([3, 7, 7, 4], 'rois'));
    expect([logits.shape, deltas.shape]).toEqual([
      [3, 2],
      [3, 4],
    ]);
  });

  test('has the parameters of the published structure, less the deltas of the background', () => {
    using scope = ParamScope.root(3);
    boxHead(scope, { channels: 16, hidden: 32, groups: 2 });
    const count = [...scope.variables().values()].reduce((total, { size }) => total + size, 0);
    expect(count).toBe(49 * 16 * 32 + 32 * 32 + 4 * 32 + (32 * 2 + 2) + (32 * 4 + 4));
  });

  test('matches the reference from pyramid to detections, in chunks', () => {
    using scope = ParamScope.root(3);
    const config = {
      ...smallConfig,
      box: { kind: 'connected', hidden: 1024 },
      groups: 32,
      chunk: 4,
      geometry: 'legacy',
    } as const;
    const head = createInstanceHead(
      scope,
      { pyramidChannels: 256 },
      { ...config, mask: { kind: 'deconv', channels: 32 }, quality: { kind: 'none' } },
    );
    assignReference(scope, reference, {
      ...blockNames('box/first', 'dense', 'box.feature_extractor.fc6', [256, 7, 7]),
      ...blockNames('box/second', 'dense', 'box.feature_extractor.fc7'),
      ...layerNames('box/logits', 'box.predictor.cls_score'),
    });
    scope.assign(
      new Map([
        ['box/deltas/kernel', foregroundDeltas(referenceParam(reference, ['box.predictor.bbox_pred.weight']))],
        ['box/deltas/bias', foregroundDeltas(referenceParam(reference, ['box.predictor.bbox_pred.bias']))],
      ]),
    );
    const pyramid = ['P2', 'P3', 'P4', 'P5'].map((level) => nhwc(plain(level)) as Tensor4D);
    const proposals = boxesFromXyxy(plain('proposals'));
    const { logits, deltas } = head.predictBoxes(pyramid, proposals, roiAlign);
    expect(logits).toBeAllClose(plain('logits').data, plain('logits'));
    expect(deltas).toBeAllClose(foregroundDeltas(plain('deltas')).data, plain('deltas'));
  });

  test('refines boxes and chooses detections as the reference does', () => {
    const proposals = boxesFromXyxy(plain('proposals'));
    const deltas = foregroundDeltas(plain('deltas')).data;
    const refined = refineBoxes(proposals, deltas, imageSize, 'legacy');
    const expected = plain('refined_boxes_fg_clipped');
    expect(refined).toBeAllClose(boxesFromXyxy(expected), expected);

    const logits = plain('logits');
    const scores = (softmax(tensor(logits.data, [10, 2])).dataSync() as Float32Array).filter((_, at) => at % 2 === 1);
    const options = { scoreThreshold: 0.05, nms: 0.3, limit: 6, geometry: 'legacy' } as const;
    const kept = selectDetections({ boxes: refined, scores, ...options }).sort(); // the reference keeps their order
    expect(Array.from(kept, (index) => scores[index])).toBeAllClose(plain('det_scores').data, plain('det_scores'));
    const keptBoxes = Array.from(kept).flatMap((index) => [...refined.subarray(4 * index, 4 * index + 4)]);
    expect(keptBoxes).toBeAllClose(boxesFromXyxy(plain('det_boxes')), plain('det_boxes'));
  });

  test('agrees with finite differences', () => {
    using scope = ParamScope.root(3);
    const head = boxHead(scope, { channels: 2, hidden: 8, groups: 2 });
    scaleParameter(scope, 'logits/kernel', 100);
    scaleParameter(scope, 'deltas/kernel', 1000);
    const features: Tensor4D = randomTensor([2, 7, 7, 2], 'rois');
    expect(gradientError((x) => head(x as Tensor4D).logits, [features])).toBeLessThan(2e-3);
    expect(gradientError((x) => head(x as Tensor4D).deltas, [features])).toBeLessThan(2e-3);
  });

  test('reaches every parameter', () => {
    using scope = ParamScope.root(3);
    const head = boxHead(scope, { channels: 2, hidden: 8, groups: 2 });
    const features: Tensor4D = randomTensor([2, 7, 7, 2], 'rois');
    expect(unreachedParameters(scope, (): Tensor[] => Object.values(head(features)))).toEqual([]);
  });
});
