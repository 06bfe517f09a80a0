import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { add, grads, type Tensor, tensor2d, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { boxLoss } from './box-loss.ts';

const sumOfBoth =
  (positiveCount: number, deltaTargets: Float32Array) =>
  (logits: Tensor, deltas: Tensor): Tensor => {
    const losses = boxLoss({ logits: logits as Tensor2D, deltas: deltas as Tensor2D, positiveCount, deltaTargets });
    return add(losses.classification, losses.regression);
  };

describe('boxLoss', () => {
  test('classifies all rows and regresses the first ones', () => {
    const { classification, regression } = boxLoss({
      logits: tensor2d([0, 0, 5, 5], [2, 2]),
      deltas: tensor2d([3, 0, 0, 0, 9, 9, 9, 9], [2, 4]),
      positiveCount: 1,
      deltaTargets: Float32Array.of(0, 0, 0, 0),
    });
    expect(classification).toBeAllClose(Math.log(2), { atol: 0, rtol: 1e-6 });
    expect(regression).toBeAllClose(2.5 / 2, { atol: 0, rtol: 1e-6 });
  });

  test('matches the reference, values and gradients', () => {
    const { plain, scalars } = golden('box_loss');
    // Our rows have the positives first, and deltas of the foreground class only, dy before dx.
    const labels = [...plain('labels').data];
    const order = [1, 0].flatMap((label) => labels.flatMap((of, row) => (of === label ? [row] : [])));
    const positiveCount = labels.filter((label) => label === 1).length;
    const logits = rows(plain('logits').data, order, 2, [0, 1]);
    const deltas = rows(plain('deltas').data, order, 8, [5, 4, 7, 6]);
    const targets = rows(plain('regression_targets').data, order.slice(0, positiveCount), 4, [1, 0, 3, 2]);
    const deltaTargets = targets.dataSync() as Float32Array;

    const losses = boxLoss({ logits, deltas, positiveCount, deltaTargets });
    expect(losses.classification).toBeAllClose(scalars.loss_classifier.value as number, { atol: 0, rtol: 1e-5 });
    expect(losses.regression).toBeAllClose(scalars.loss_box_reg.value as number, { atol: 0, rtol: 1e-5 });
    const [ofLogits, ofDeltas] = grads(sumOfBoth(positiveCount, deltaTargets))([logits, deltas]);
    const [wantedLogits, wantedDeltas] = [plain('grad_logits'), plain('grad_deltas')];
    expect(ofLogits).toBeAllClose(rows(wantedLogits.data, order, 2, [0, 1]), wantedLogits);
    expect(ofDeltas).toBeAllClose(rows(wantedDeltas.data, order, 8, [5, 4, 7, 6]), wantedDeltas);
  });

  test('agrees with finite differences', () => {
    const logits = tensor2d([0.3, -1, 2, 1, 0, 0.5], [3, 2]);
    const deltas = tensor2d([0.1, 2, -3, 0.4, -0.5, 0, 0.2, 5, 1, 1, 1, 1], [3, 4]);
    expect(gradientError(sumOfBoth(2, new Float32Array(8).fill(0.3)), [logits, deltas])).toBeLessThan(1e-3);
  });

  test('is 0 without RoIs, with empty gradients', () => {
    const [logits, deltas] = [tensor2d([], [0, 2]), tensor2d([], [0, 4])];
    const run = sumOfBoth(0, new Float32Array(0));
    expect(run(logits, deltas)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(grads(run)([logits, deltas]).map(({ shape }) => shape)).toEqual([
      [0, 2],
      [0, 4],
    ]);
  });

  test('gives deltas a zero gradient without positives', () => {
    const [logits, deltas] = [tensor2d([[1e4, -1e4]]), tensor2d([[1, 2, 3, 4]])];
    const [ofLogits, ofDeltas] = grads(sumOfBoth(0, new Float32Array(0)))([logits, deltas]);
    expect(ofDeltas).toBeAllClose([0, 0, 0, 0], { atol: 0, rtol: 0 });
    expect(ofLogits).toBeAllClose([0, 0], { atol: 0, rtol: 0 });
  });

  test('leaves two new tensors per call', () => {
    const [logits, deltas] = [tensor2d([[1, 2]]), tensor2d([[1, 2, 3, 4]])];
    const deltaTargets = new Float32Array(4);
    expect(newTensors(() => ({ ...boxLoss({ logits, deltas, positiveCount: 1, deltaTargets }) }))).toBe(2);
    expect(newTensors(() => tidy(() => grads(sumOfBoth(1, deltaTargets))([logits, deltas])))).toBe(2);
  });

  test('refuses targets that do not fit the positives', () => {
    const inputs = { logits: tensor2d([[1, 2]]), deltas: tensor2d([[1, 2, 3, 4]]) };
    expect(() => boxLoss({ ...inputs, positiveCount: 1, deltaTargets: new Float32Array(8) })).toThrow(
      'boxLoss: expected at most 1 positives with 4 targets each, got 1 with 8 targets',
    );
  });
});

/** Chosen rows and columns of a stored matrix. */
function rows(values: ArrayLike<number>, order: number[], width: number, columns: number[]): Tensor2D {
  return tensor2d(
    order.flatMap((row) => columns.map((column) => values[row * width + column])),
    [order.length, columns.length],
  );
}
