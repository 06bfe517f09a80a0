import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { add, fill, grads, type Tensor, tensor4d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { proposalLoss, type ProposalLossInputs } from './proposal-loss.ts';

/** Two levels of one ratio: anchors 0 and 1 on the first, anchor 2 on the second. */
const threeAnchors = (logits: number[], deltas: number[]): Pick<ProposalLossInputs, 'objectness' | 'deltas'> => ({
  objectness: [tensor4d(logits.slice(0, 2), [1, 1, 2, 1]), tensor4d(logits.slice(2), [1, 1, 1, 1])],
  deltas: [tensor4d(deltas.slice(0, 8), [1, 1, 2, 4]), tensor4d(deltas.slice(8), [1, 1, 1, 4])],
});

/** The same loss as a function of its maps. */
const sumOfBoth =
  (levels: number, sample: Pick<ProposalLossInputs, 'positives' | 'negatives' | 'targets'>) =>
  (...maps: Tensor[]): Tensor => {
    const objectness = maps.slice(0, levels) as Tensor4D[];
    const losses = proposalLoss({ objectness, deltas: maps.slice(levels) as Tensor4D[], ...sample });
    return add(losses.objectness, losses.box);
  };

describe('proposalLoss', () => {
  test('averages cross-entropy over the sample and box distance over the sample too', () => {
    const { objectness, box } = proposalLoss({
      ...threeAnchors([0, 99, 0], [0, 0, 0, 0, 9, 9, 9, 9, 2, 0, 0, 0]),
      positives: Int32Array.of(2),
      negatives: Int32Array.of(0),
      targets: Float32Array.of(1, 0, 0, 0),
    });
    // Both sampled logits are 0: ln 2 each. One delta is 1 off: 1 - 1/18, shared by two anchors.
    expect(objectness).toBeAllClose(Math.log(2), { atol: 0, rtol: 1e-6 });
    expect(box).toBeAllClose((1 - 1 / 18) / 2, { atol: 0, rtol: 1e-6 });
  });

  test('matches the reference, values and gradients on all five levels', () => {
    const { plain, scalars } = golden('rpn_loss');
    const levels = [0, 1, 2, 3, 4];
    const objectness = levels.map((level) => nhwc(plain(`objectness_l${level}`)) as Tensor4D);
    const deltas = levels.map((level) => toOurOrder(nhwc(plain(`deltas_l${level}`)) as Tensor4D));
    const stored = plain('regression_targets_sampled_pos').data;
    const sample = {
      positives: Int32Array.from(plain('sampled_pos').data),
      negatives: Int32Array.from(plain('sampled_neg').data),
      targets: Float32Array.from(stored, (_, at) => stored[at ^ 1]),
    };
    const losses = proposalLoss({ objectness, deltas, ...sample });
    expect(losses.objectness).toBeAllClose(scalars.loss_objectness.value as number, { atol: 0, rtol: 1e-5 });
    expect(losses.box).toBeAllClose(scalars.loss_box.value as number, { atol: 0, rtol: 1e-5 });
    const gradients = grads(sumOfBoth(5, sample))([...objectness, ...deltas]);
    for (const level of levels) {
      const expected = plain(`grad_objectness_l${level}`);
      expect(gradients[level]).toBeAllClose(nhwc(expected), expected);
      const expectedDeltas = plain(`grad_deltas_l${level}`);
      expect(gradients[5 + level]).toBeAllClose(toOurOrder(nhwc(expectedDeltas) as Tensor4D), expectedDeltas);
    }
  });

  test('agrees with finite differences', () => {
    const { objectness, deltas } = threeAnchors([0.3, -1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 0.05, 0.5, -2, 0]);
    const run = sumOfBoth(2, {
      positives: Int32Array.of(0, 2),
      negatives: Int32Array.of(1),
      targets: Float32Array.of(0, 0, 0, 0, 0.1, 0.1, 0.1, 0.1),
    });
    expect(gradientError(run, [...objectness, ...deltas])).toBeLessThan(1e-3);
  });

  test.each([1e4, -1e4])('stays finite where every logit is %d', (logit) => {
    const objectness = [fill([1, 2, 2, 1], logit) as Tensor4D];
    const deltas = [fill([1, 2, 2, 4], 0) as Tensor4D];
    const sample = { positives: Int32Array.of(0), negatives: Int32Array.of(1), targets: new Float32Array(4) };
    expect(proposalLoss({ objectness, deltas, ...sample }).objectness).toBeAllClose(5e3, { atol: 0, rtol: 1e-6 });
    const [gradient] = grads(sumOfBoth(1, sample))([...objectness, ...deltas]);
    expect(gradient).toBeAllClose(logit > 0 ? [0, 0.5, 0, 0] : [-0.5, 0, 0, 0], { atol: 0, rtol: 0 });
  });

  test('is 0 without a sample, with zero gradients', () => {
    const { objectness, deltas } = threeAnchors([1, 2, 3], new Array(12).fill(1));
    const run = sumOfBoth(2, {
      positives: new Int32Array(0),
      negatives: new Int32Array(0),
      targets: new Float32Array(0),
    });
    expect(run(...objectness, ...deltas)).toBeAllClose(0, { atol: 0, rtol: 0 });
    const gradients = grads(run)([...objectness, ...deltas]);
    expect(gradients.flatMap((gradient) => [...gradient.dataSync()]).every((value) => value === 0)).toBe(true);
  });

  test('leaves two new tensors per call', () => {
    const maps = threeAnchors([1, 2, 3], new Array(12).fill(1));
    const sample = { positives: Int32Array.of(0), negatives: Int32Array.of(1), targets: new Float32Array(4) };
    expect(newTensors(() => ({ ...proposalLoss({ ...maps, ...sample }) }))).toBe(2);
    const inputs = [...maps.objectness, ...maps.deltas];
    expect(newTensors(() => tidy(() => grads(sumOfBoth(2, sample))(inputs)))).toBe(4);
  });

  test('names an anchor that does not exist', () => {
    const sample = { positives: Int32Array.of(3), negatives: new Int32Array(0), targets: new Float32Array(4) };
    expect(() => proposalLoss({ ...threeAnchors([1, 2, 3], new Array(12).fill(1)), ...sample })).toThrow(
      'proposalLoss: expected anchors 0..2, got 3',
    );
  });
});

/** Deltas dx, dy, dw, dh of each anchor as dy, dx, dh, dw; its own inverse. */
function toOurOrder(deltas: Tensor4D): Tensor4D {
  const [, height, width, channels] = deltas.shape;
  const values = deltas.dataSync();
  return tensor4d(
    Float32Array.from(values, (_, at) => values[at ^ 1]),
    [1, height, width, channels],
  );
}
