import { assertShape } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import { addN, mul, type Scalar, tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { smoothL1 } from './smooth-l1.ts';

/** Predictions for every anchor, and the anchors that were drawn to learn from. */
export interface ProposalLossInputs {
  /** Per level [1, h, w, a] logits of "an object is here". */
  readonly objectness: readonly Tensor4D[];
  /** Per level [1, h, w, 4 a] box deltas (dy, dx, dh, dw), the four of an anchor side by side. */
  readonly deltas: readonly Tensor4D[];
  /** [p] sampled anchors that hold an object, numbered level after level, (row * w + column) * a + ratio in each. */
  readonly positives: Int32Array;
  /** [q] sampled anchors of background, numbered alike. */
  readonly negatives: Int32Array;
  /** [p * 4] true deltas of the positives. */
  readonly targets: Float32Array;
}

/**
 * How well anchors were told from background and moved onto objects.
 * objectness = mean over the p + q sampled anchors of the binary cross-entropy;
 * box = smooth L1 (beta 1/9) summed over the positives / (p + q).
 * @throws ShapeError if levels disagree or an anchor does not exist.
 * @remarks Source: Ren et al. 2015, Eq. 1, as in the released code (sources.md row 15). Anchors are not gathered: their
 * labels are scattered into maps on the host, and maps are compared entry by entry (WASM cannot differentiate gather).
 */
export function proposalLoss(inputs: ProposalLossInputs): { objectness: Scalar; box: Scalar } {
  const anchors = checkedAnchorCount(inputs);
  const { objectness, deltas, positives, negatives, targets } = inputs;
  const share = 1 / Math.max(1, positives.length + negatives.length);

  const labels = new Float32Array(anchors);
  const sampled = new Float32Array(anchors);
  const trueDeltas = new Float32Array(anchors * 4);
  const regressed = new Float32Array(anchors * 4);
  for (const anchor of negatives) sampled[anchor] = 1;
  positives.forEach((anchor, index) => {
    sampled[anchor] = 1;
    labels[anchor] = 1;
    regressed.fill(1, anchor * 4, anchor * 4 + 4);
    trueDeltas.set(targets.subarray(index * 4, index * 4 + 4), anchor * 4);
  });

  const box = tidy(() => {
    const next = levelReader();
    const terms = deltas.map((predicted) => {
      const [target, mask] = next(predicted, trueDeltas, regressed);
      return smoothL1({ predicted, target, beta: 1 / 9, mask });
    });
    return mul(addN(terms), share) as Scalar;
  });
  const classification = tidy(() => {
    const next = levelReader();
    const terms = objectness.map((logits) => {
      const [targets, weights] = next(logits, labels, sampled);
      return binaryCrossEntropy(logits, targets, weights);
    });
    return mul(addN(terms), share) as Scalar;
  });
  return { objectness: classification, box };
}

/** Cuts arrays over all anchors into maps of one level after the other. */
function levelReader(): (map: Tensor4D, ...arrays: Float32Array[]) => Tensor4D[] {
  let at = 0;
  return (map, ...arrays) => {
    const from = at;
    at += map.size;
    return arrays.map((values) => tensor(values.slice(from, at), map.shape));
  };
}

function checkedAnchorCount({ objectness, deltas, positives, negatives, targets }: ProposalLossInputs): number {
  if (objectness.length === 0 || objectness.length !== deltas.length) {
    throw new ShapeError(
      `proposalLoss: expected as many levels of deltas as of objectness, at least 1, got ${deltas.length} and ${objectness.length}`,
    );
  }
  let count = 0;
  objectness.forEach((logits, level) => {
    assertShape('proposalLoss', `objectness ${level}`, logits, [1, 'h', 'w', 'a']);
    const [, height, width, ratios] = logits.shape;
    assertShape('proposalLoss', `deltas ${level}`, deltas[level], [1, height, width, 4 * ratios]);
    count += logits.size;
  });
  if (targets.length !== positives.length * 4) {
    throw new ShapeError(`proposalLoss: expected ${positives.length} x 4 targets, got ${targets.length}`);
  }
  for (const anchor of [...positives, ...negatives]) {
    if (anchor < 0 || anchor >= count)
      throw new ShapeError(`proposalLoss: expected anchors 0..${count - 1}, got ${anchor}`);
  }
  return count;
}
