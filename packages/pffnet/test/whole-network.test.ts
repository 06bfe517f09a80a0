import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { matchBoxes, type RoiSample, sampleAnchors } from '@pffnet/instance-head';
import { totalLoss } from '@pffnet/network';
import { type ParamScope, roiAlign } from '@pffnet/tensor-ops';
import { type Boxes, encodeBoxes, type RgbImage } from '@pffnet/structures';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { boxesFromXyxy, golden, type GoldenCase } from '@pffnet/tensor-ops/testing';
import {
  dispose,
  sigmoid,
  slice,
  softmax,
  sqrt,
  square,
  sum,
  tidy,
  transpose,
  variableGrads,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  computeLosses,
  createPffnet,
  type FusedMap,
  imageTensor,
  type Pffnet,
  presets,
  readAs,
  type Supervision,
  vary,
} from '../src/index.ts';
import { pathOf, referenceWeights } from './reference-network.ts';

// ResNet-101 at 64 x 64 with its gradients is some 90 GFLOP: the reference engine (CPU) would need minutes.
await loadBackend('wasm');

const inputs = golden('e2e_train');
const unused = inputs.config['unused_parameters'] as string[];
const size = { height: 64, width: 64 };

/** The case e2e_train: the release, with both semantic losses in full and the stem and C2 frozen. */
const released = vary(readAs('released-code', presets.paper), {
  // Few RoIs are given; chunks of 64 would run mostly empty boxes.
  instanceHead: { chunk: 8 },
});
/** The case e2e_train_paper: the release with a corrected fusion whose gradient reaches the masks. */
const corrected = vary(released, {
  instanceSemantics: { fusion: { window: 'exact', order: 'sigmoid-resize', detachMask: false } },
  loss: { alpha1: 0.1 },
});

const lossNames: Readonly<Record<string, string>> = {
  loss_classifier: 'box-class',
  loss_box_reg: 'box-regression',
  loss_mask: 'mask',
  loss_maskiou: 'quality',
  loss_objectness: 'rpn-objectness',
  loss_rpn_box_reg: 'rpn-box',
  loss_sem_branch: 'semantic',
  loss_mask_fusion: 'fused-semantic',
  loss_sem_consistence: 'consistency',
};

describe('the whole network', () => {
  let weights: ReadonlyMap<string, PlainTensor>;
  let network: Pffnet;

  beforeAll(() => {
    weights = referenceWeights(inputs, unused);
    network = createPffnet(released);
    network.scope.assign(weights);
  }, 300_000);

  afterAll(() => {
    network.scope.dispose();
  });

  test('has the parameters that the release uses, 105,036,312 of them, and no others', () => {
    const variables = network.scope.variables();
    expect([...variables.keys()].sort()).toEqual([...weights.keys()].sort());
    const sizeOf = ({ shape }: { shape: readonly number[] }): number => shape.reduce((a, b) => a * b, 1);
    const count = [...variables.values()].reduce((total, { size }) => total + size, 0);
    expect(count).toBe(105_036_312);
    // The release builds 105,926,895. It never uses 885,458 of them, nor the background's box deltas and quality.
    const built = inputs.params.reduce((total, parameter) => total + sizeOf(parameter), 0);
    const idle = inputs.params
      .filter(({ name }) => unused.includes(name))
      .reduce((total, each) => total + sizeOf(each), 0);
    expect([built, idle]).toEqual([105_926_895, 885_458]);
    expect(built - idle - count).toBe(4 * (1024 + 1) + 1 * (1024 + 1));
  });

  test('has every loss and every gradient of the released code', () => {
    compareStep(network, 'e2e_train', 'total_released_weight_1');
  }, 300_000);

  test('has every loss and every gradient of the corrected fusion', () => {
    // The same modules but for the fusion and the map that it works on.
    const { backbone, instanceHead, semanticHead } = network;
    const model = createPffnet(corrected, {
      backbone: () => backbone,
      instanceHead: () => instanceHead,
      semanticHead: () => semanticHead!,
    });
    using scope: ParamScope = model.scope;
    scope.assign(new Map([...weights].filter(([path]) => scope.variables().has(path))));
    const trainable = new Map([...network.trainable, ...model.trainable]);
    compareStep({ ...model, trainable }, 'e2e_train_paper', 'total');
  }, 300_000);

  test('predicts what the released code predicts from the same proposals', () => {
    const expected = golden('e2e_infer');
    const proposals = boxesFromXyxy(expected.plain('proposals'));
    tidy(() => {
      const { p } = network.backbone.extract(imageTensor(imageOf(expected), released.input));
      const { logits } = network.instanceHead.predictBoxes(p, proposals, roiAlign);
      expect(logits).toBeAllClose(expected.plain('box_logits').data, expected.plain('box_logits'));
      const scores = expected.plain('det_scores');
      const probabilities = softmax(logits).dataSync();
      const boxes = boxesFromXyxy(expected.plain('det_boxes'));
      const { maskLogits, quality } = network.instanceHead.predictMasks(p, boxes, roiAlign);
      const [n] = maskLogits.shape;
      const foreground = sigmoid(slice(maskLogits, [0, 0, 0, 1], [n, 28, 28, 1]));
      expect(foreground).toBeAllClose(expected.plain('mask_prob').data, expected.plain('mask_prob'));
      const wanted = expected.plain('quality_pred');
      const predicted = quality!.dataSync();
      expect(predicted).toBeAllClose(
        Array.from(predicted, (_, row) => wanted.data[2 * row + 1]),
        wanted,
      );
      const ranked = expected.plain('mask_scores');
      expect(Array.from(predicted, (q, row) => q * scores.data[row])).toBeAllClose(ranked.data, ranked);
      // Every detection's score is one of the proposals' foreground probabilities.
      for (const score of scores.data) {
        const distances = Array.from({ length: proposals.length / 4 }, (_, row) =>
          Math.abs(probabilities[2 * row + 1] - score),
        );
        expect(Math.min(...distances)).toBeLessThan(scores.atol);
      }
    });
  }, 300_000);

  test('has the intermediate maps of the released code', () => {
    tidy(() => {
      const pyramid = network.backbone.extract(imageTensor(imageOf(inputs), released.input));
      const compare = (name: string, map: Tensor4D): void => {
        expect(transpose(map, [0, 3, 1, 2])).toBeAllClose(inputs.plain(name).data, inputs.plain(name));
      };
      compare('P2', slice(pyramid.p[0], [0, 0, 0, 0], [1, 16, 16, 16]));
      compare('sem_logits', network.semanticHead!.predict(pyramid));
      compare('F0', (network.instanceSemantics as FusedMap).map.predict(pyramid.p[0]));
      const { objectness } = network.instanceHead.propose(pyramid.p);
      objectness.forEach((map, level) => {
        compare(`rpn_objectness_P${level + 2}`, map);
      });
    });
  }, 300_000);
});

/** Compares one step's losses, their total and, where the case has them, the norms of all gradients. */
function compareStep(model: Pffnet, name: string, totalName: string): void {
  const expected = golden(name);
  const losses = new Map<string, number>();
  const { value, grads } = variableGrads(() => {
    const terms = computeLosses(model, imageOf(inputs), storedSupervision(model));
    for (const [term, loss] of Object.entries(terms)) losses.set(term, loss.dataSync()[0]);
    return totalLoss(terms, model.terms);
  }, [...model.trainable.values()]);

  for (const [reference, term] of Object.entries(lossNames)) {
    const { value: wanted, rtol } = expected.scalars[reference];
    expect([term, losses.get(term)]).toEqual([
      term,
      expect.closeTo(wanted as number, precision(wanted as number, rtol)),
    ]);
  }
  const total = expected.scalars[totalName];
  expect(value).toBeAllClose([total.value as number], { atol: 0, rtol: total.rtol });

  const wrong: string[] = [];
  const { values: norms, rtol_default: rtol } = expected.json['gradient_l2_norms'] as {
    values: Record<string, { norm: number | null; rtol?: number }>;
    rtol_default: number;
  };
  for (const [reference, { norm, rtol: own }] of Object.entries(norms)) {
    if (norm === null) continue; // built by the release and never used
    const variable = model.trainable.get(pathOf(reference) ?? reference);
    if (variable === undefined) throw new Error(`${reference} does not train here`);
    const actual = tidy(() => sqrt(sum(square(grads[variable.name]))).dataSync()[0]);
    // Norms below 1e-6 are rounding noise of the reference itself.
    if (Math.abs(actual - norm) > (own ?? rtol) * norm + 1e-6)
      wrong.push(`${reference}: expected ${norm}, got ${actual}`);
  }
  expect(wrong).toEqual([]);
  dispose([value, ...Object.values(grads)]);
}

/** The stored input as the image that it was made from. */
function imageOf(stored: GoldenCase): RgbImage {
  const { data } = stored.plain('image');
  const pixels = size.height * size.width;
  const image = new Float32Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) image[pixel * 3 + 2 - channel] = data[channel * pixels + pixel] + 128;
  }
  return { ...size, data: image };
}

/** Everything that the reference's samplers were replaced by. */
function storedSupervision({ config: { geometry, instanceHead } }: Pffnet): Supervision {
  const truth = boxesFromXyxy(inputs.plain('gt_boxes'));
  const takeAll = { ...instanceHead.anchorSampling, count: 1e6 };
  const never = { uniform: () => 0, normal: () => 0, integer: () => 0, state: () => [0, 0, 0, 0] as const };
  return {
    chooseAnchors: (anchors) => {
      const all = Float32Array.from(anchors.flatMap((boxes) => [...boxes]));
      return sampleAnchors({ anchors: all, truth, imageSize: size, sampling: takeAll, geometry }, never);
    },
    chooseRois: () => storedRois(truth, geometry),
    masksOf: () => ({
      targets: Float32Array.from(inputs.plain('mask_targets').data),
      inBoxFraction: Float32Array.from(inputs.plain('mask_ratio').data),
    }),
    foreground: Uint8Array.from(inputs.plain('sem_gt').data),
    boxes: truth,
    // The release has neither.
    foregroundIn: () => new Float32Array(0),
    choosePanoptic: () => ({ boxes: new Float32Array(0), target: new Int32Array(0) }),
  };
}

/** The stored proposals, positives first and otherwise in order. */
function storedRois(truth: Boxes, geometry: 'legacy' | 'continuous'): RoiSample {
  const proposals = boxesFromXyxy(inputs.plain('proposals'));
  const labels = inputs.plain('proposal_labels').data;
  const matches = matchBoxes(proposals, truth, { positiveIou: 0.5, negativeIou: 0.5, forceBest: false }, geometry);
  const rows = Array.from(labels, (_, row) => row).sort((a, b) => labels[b] - labels[a] || a - b);
  const positives = rows.filter((row) => labels[row] === 1);
  const take = (boxes: Boxes, indices: readonly number[]): Boxes =>
    Float32Array.from(indices.flatMap((index) => [...boxes.subarray(index * 4, index * 4 + 4)]));
  const truthIndex = Int32Array.from(positives, (row) => matches[row]);
  return {
    boxes: take(proposals, rows),
    count: rows.length,
    positiveCount: positives.length,
    truthIndex,
    deltaTargets: encodeBoxes(take(proposals, positives), take(truth, [...truthIndex]), [10, 10, 5, 5], geometry),
  };
}

/** Jest counts decimal places; the cases give a relative tolerance. */
function precision(value: number, rtol: number): number {
  return -Math.log10(2 * Math.abs(value) * rtol);
}
